import type { ProblemCode } from '@tradewind/protocol'

/** What the CLI itself can fail with; everything else is a code of the API. */
export type FailureCode =
  | ProblemCode
  | 'usage'
  | 'not-signed-in'
  | 'login-unreadable'
  | 'login-unwritable'
  | 'unreachable'
  | 'bad-reply'
  | 'ambiguous'
  | 'port-in-use'
  | 'not-started'
  | 'catalogue-unusable'
  | 'nothing-assigned'

/** An expected failure: what went wrong, by code and in words, and what to do next. */
export class Failure extends Error {
  override name = 'Failure'
  constructor(
    readonly code: FailureCode,
    message: string,
    readonly next: string,
  ) {
    super(message)
  }

  /** 2 when the command was written wrongly, 1 when it was refused or failed. */
  get exitCode(): 1 | 2 {
    return this.code === 'usage' ? 2 : 1
  }
}

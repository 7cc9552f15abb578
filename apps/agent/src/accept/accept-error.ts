/** Why there is no report: a code, what happened, and what a person should do next. */
export class AcceptError extends Error {
  constructor(
    readonly code: AcceptErrorCode,
    message: string,
    readonly next: string,
  ) {
    super(message)
  }
}

export type AcceptErrorCode =
  | 'api-down'
  | 'port-unknown'
  | 'wrong-key'
  | 'not-serving'
  | 'deaf'
  | 'clips-missing'
  | 'clips-broken'
  | 'clip-refused'
  | 'device-busy'
  | 'engine-lost'
  | 'build-changed'
  | 'answer-strange'
  | 'identity-missing'
  | 'folder-unwritable'
  | 'report-refused'

import type { Problem, ProblemCode } from '@tradewind/protocol'

const httpStatus: Partial<Record<ProblemCode, number>> = {
  'bad-request': 400,
  unauthorised: 401,
  forbidden: 403,
  'not-found': 404,
  'device-unknown': 404,
  conflict: 409,
  'rate-limited': 429,
  'language-unknown': 400,
  'not-serving': 409,
  'clip-gone': 410,
  'too-large': 413,
  'not-heard': 422,
  busy: 429,
  interrupted: 503,
  'timed-out': 504,
  'store-unavailable': 503,
  'device-unreachable': 503,
  'rollouts-missing': 503,
}

/** An expected failure, with what to do next. It becomes the body of the HTTP answer as it is. */
export class ProblemError extends Error {
  override name = 'ProblemError'
  constructor(
    readonly code: ProblemCode,
    message: string,
    readonly next: string,
    readonly detail?: Problem['detail'],
  ) {
    super(message)
  }
}

export const noSuch = (thing: string) =>
  new ProblemError('not-found', `There is no such ${thing}.`, 'Look at the list again: it may have changed.')

export function problemReply({ code, message, next, detail }: ProblemError): Response {
  const body: Problem = { code, message, next, ...(detail && { detail }) }
  const again = detail?.retryAfterSeconds
  const headers = { 'Cache-Control': 'no-store', ...(again === undefined ? {} : { 'Retry-After': String(again) }) }
  return Response.json(body, { status: httpStatus[code] ?? 500, headers })
}

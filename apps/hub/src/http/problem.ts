import { mostClipBytes, type Problem, type ProblemCode } from '@tradewind/protocol'

type Said = { status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 503 | 504; message: string; next: string }

/** What the hub's HTTP says for each code: made here and nowhere else. */
const said: Partial<Record<ProblemCode, Said>> = {
  'bad-request': {
    status: 400,
    message: 'The request is not what this address takes.',
    next: 'Compare the versions of agent and hub.',
  },
  'bad-signature': {
    status: 401,
    message: 'The request is not signed by the key it carries.',
    next: "Remove the agent's identity file and enrol again with a new token.",
  },
  'token-unknown': {
    status: 403,
    message: 'This hub never made that enrolment token.',
    next: 'Make a new one: tradewind token create',
  },
  'token-used': {
    status: 403,
    message: 'That enrolment token was used before; each works once.',
    next: 'Make a new one: tradewind token create',
  },
  'token-expired': {
    status: 403,
    message: 'That enrolment token has expired.',
    next: 'Make a new one: tradewind token create',
  },
  'token-revoked': {
    status: 403,
    message: 'That enrolment token was revoked.',
    next: 'Ask whoever revoked it, or make a new one: tradewind token create',
  },
  'enrolment-refused': {
    status: 403,
    message: 'A person refused this device.',
    next: 'Ask the operator for an enrolment token.',
  },
  'parking-full': {
    status: 503,
    message: 'Too many devices wait for approval.',
    next: 'Approve or refuse those that wait, or use an enrolment token.',
  },
  'rate-limited': {
    status: 429,
    message: 'Too many requests from this address.',
    next: 'Wait as long as Retry-After says.',
  },
  'password-forged': {
    status: 401,
    message: 'The password is not signed by the key of this device.',
    next: 'Enrol again with a token made for this device: tradewind token create --for-device ID',
  },
  'password-stale': {
    status: 401,
    message: "The password's time is too far from the hub's.",
    next: 'Take the time from GET /time and sign again.',
  },
  'device-unknown': {
    status: 401,
    message: 'This hub knows no such device.',
    next: 'Enrol it: tradewind token create',
  },
  'device-revoked': {
    status: 403,
    message: 'This device was revoked.',
    next: 'Enrol it as a new device: tradewind token create',
  },
  'identity-superseded': {
    status: 409,
    message: 'Another agent with this identity is connected and started later.',
    next: 'Stop one of the two, or enrol this one as a device of its own.',
  },
  'start-behind': {
    status: 409,
    message: 'A later start of this device was seen before.',
    next: 'Count on from detail.latestStart.',
  },
  unauthorised: {
    status: 401,
    message: 'This needs a key.',
    next: 'Send Authorization: Bearer with an API token from the dashboard.',
  },
  'store-unavailable': {
    status: 503,
    message: 'The hub cannot write to its database.',
    next: "Free space on the hub's disk, then try again.",
  },
  'not-found': {
    status: 404,
    message: 'There is nothing of that name.',
    next: 'Compare the name with the list.',
  },
  conflict: {
    status: 409,
    message: 'That cannot be done in the state that it is in.',
    next: 'Look at its state, then choose again.',
  },
  'device-unreachable': {
    status: 503,
    message: 'The device does not answer.',
    next: 'Look at its presence, then try again.',
  },
  'too-large': {
    status: 413,
    message: `A clip is at most ${mostClipBytes / 1024 / 1024} MiB.`,
    next: 'Send a shorter one, or one in a format that takes less room.',
  },
  'language-unknown': {
    status: 400,
    message: 'What the device serves does not know that language.',
    next: 'Choose another one.',
  },
  'not-serving': {
    status: 409,
    message: 'The device serves no model that hears now.',
    next: 'Look at what it serves, and try again when that is ready.',
  },
  busy: {
    status: 429,
    message: 'There is no room for another clip now.',
    next: 'Try again in a moment.',
  },
  'not-heard': {
    status: 422,
    message: 'The device could not hear the clip.',
    next: 'See the code it gave.',
  },
  'clip-gone': {
    status: 410,
    message: 'There is no such clip for this device: it was fetched, withdrawn, or has waited too long.',
    next: 'Try again.',
  },
  'not-mirrored': {
    status: 404,
    message: 'This hub knows the file and does not have it.',
    next: 'Ask the next source. tradewind mirror add BUILD brings it here.',
  },
  'timed-out': {
    status: 504,
    message: 'The device did not finish in the time that a trial may take.',
    next: 'Try a shorter clip.',
  },
}

export function problem(code: ProblemCode, detail?: Problem['detail']): { status: Said['status']; body: Problem } {
  const { status, message, next } = said[code] ?? {
    status: 400 as const,
    message: code,
    next: 'See the log of the hub.',
  }
  return { status, body: { code, message: named(code, detail) ?? message, next, ...(detail ? { detail } : {}) } }
}

/** The message with what it is about, where that is known. */
function named(code: ProblemCode, detail: Problem['detail'] = {}): string | null {
  const [missing] = Object.entries(detail)
  if (code === 'not-found' && missing) return `There is no ${missing.join(' ')}.`
  return code === 'conflict' && detail.state ? `It is ${detail.state}: that cannot be done now.` : null
}

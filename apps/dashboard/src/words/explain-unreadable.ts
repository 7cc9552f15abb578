import type { Unreadable } from '@tradewind/protocol'

const reasons: Record<Unreadable['code'], string> = {
  'not-present': 'not found on this device',
  'permission-denied': 'permission denied',
  'timed-out': 'it took too long to answer',
  garbled: 'the answer made no sense',
  'too-large': 'the answer was too large',
  unsupported: 'not supported on this system',
  failed: 'the reading failed',
}

/** Why something is not known: `not readable: permission denied`. What is absent was read well, and says so. */
export const explainUnreadable = ({ code }: Unreadable) =>
  code === 'not-present' ? reasons[code] : `not readable: ${reasons[code]}`

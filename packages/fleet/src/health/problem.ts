import type { Facts, FigureName, PresenceState, Unreadable } from '@tradewind/protocol'
import type { SyncInput } from '../sync'
import type { HealthCode } from './scales'

/** The most urgent first. */
export const severities = ['critical', 'warning', 'notice'] as const
export type Severity = (typeof severities)[number]

/** What is wrong with a device. Of one code and `about` there is at most one at a time. */
export type HealthProblem = {
  code: HealthCode
  /** what of several things it is about: a fact, a failure's code, a certificate. Null where there is only one */
  about: string | null
  severity: Severity
  /** the hub's time, milliseconds since 1970; stays while the severity changes */
  sinceMs: number
  /** what it was decided by, each with its unit in the name */
  numbers: Record<string, number>
}

/**
 * All that is known of one device. What is undefined or null is unknown: it raises no problem and clears none. An empty
 * list is known: there is nothing. Times are the hub's, milliseconds since 1970. Lists may come in any order and may
 * hold things twice.
 */
export type HealthInput = {
  nowMs: number
  /** what this function said last; hysteresis is decided by it alone */
  previous: readonly HealthProblem[]
  report?: { atMs: number; facts: Facts; unreadable: readonly Unreadable[] } | null
  /** of the last minutes; older ones are ignored */
  samples?: readonly HealthSample[] | null
  /** of the last hour, with the newest `agent-started` and what follows it */
  events?: readonly HealthEvent[] | null
  presence?: { state: PresenceState; sinceMs: number } | null
  assignment?: (SyncInput & { assignedMs: number }) | null
  /** how fast the engine generates, and how fast the same build did on this device when it was new there */
  speed?: { tokensPerSecond: number; baselineTokensPerSecond: number; measuredMs: number } | null
  /** what stops working at a time, by name: a certificate, a token */
  expiries?: readonly { name: string; expiresMs: number }[] | null
}

export type HealthSample = { atMs: number } & { readonly [F in FigureName]?: number | null }

export type HealthEvent = {
  /** the same id is the same event */
  id: string
  code: string
  atMs: number
  detail: Readonly<Record<string, string | number | boolean>>
}

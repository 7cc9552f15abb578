import type { FactName, Facts, FigureName, PresenceState, Unreadable } from '@tradewind/protocol'
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

/** The numbers that only say for how long it is so: they are never older than the moment that one looks. */
const ages: Partial<Record<HealthCode, (ageMs: number) => HealthProblem['numbers']>> = {
  lost: (ageMs) => ({ seconds: Math.round(ageMs / 1000) }),
  'out-of-sync': (ageMs) => ({ minutes: Math.floor(ageMs / 60_000) }),
}

/** The problem as it is at `atMs`, where `problem` was decided earlier and has lasted since. */
export function agedTo<P extends HealthProblem>(problem: P, atMs: number): P {
  const age = ages[problem.code]
  return age ? { ...problem, numbers: age(Math.max(0, atMs - problem.sinceMs)) } : problem
}

/** All that health reads of a report, of samples and of what happened: the rest need not be kept for it. */
export const healthFacts = [
  'board',
  'memory',
  'storage',
  'power',
  'thermal',
  'throttling',
] as const satisfies FactName[]
export const healthFigures = [
  'temperatureC',
  'memAvailableBytes',
  'swapUsedBytes',
  'diskFreeBytes',
] as const satisfies FigureName[]
export const healthEvents = [
  'agent-started',
  'clock-corrected',
  'engine-crashed',
  'presence-lost',
  'presence-disconnected',
] as const

/**
 * All that is known of one device. What is undefined or null is unknown: it raises no problem and clears none. An empty
 * list is known: there is nothing. Times are the hub's, milliseconds since 1970. Lists may come in any order and may
 * hold things twice.
 */
export type HealthInput = {
  nowMs: number
  /** what this function said last; hysteresis is decided by it alone */
  previous: readonly HealthProblem[]
  report?: { atMs: number; facts: HealthFacts; unreadable: readonly Unreadable[] } | null
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

export type HealthFacts = Pick<Facts, (typeof healthFacts)[number]>

export type HealthSample = { atMs: number } & { readonly [F in (typeof healthFigures)[number]]?: number | null }

export type HealthEvent = {
  /** the same id is the same event */
  id: string
  code: string
  atMs: number
  detail: Readonly<Record<string, string | number | boolean>>
}

import type { FactName, throttles, Unreadable } from '@tradewind/protocol'
import { syncOf } from '../sync'
import type { HealthInput, HealthSample } from './problem'
import { celsiusBelowPowerOff, type HealthCode, mostDiskBytes, raspberryPiLimitCelsius, windowMs } from './scales'

/** Where a number stands on the scale of its code. What was read several times has a least and a most. */
export type Reading = {
  about: string | null
  least: number
  most: number
  sinceMs: number
  numbers: Record<string, number>
}

/** What there is to say about one code: nothing is unknown, an empty list is all well. */
type Read = (input: HealthInput) => Reading[] | null | undefined

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

export const readings: Record<HealthCode, Read> = {
  lost: ({ presence, nowMs }) => {
    if (!presence) return undefined
    if (presence.state !== 'lost') return []
    const lostMs = Math.max(0, nowMs - presence.sinceMs)
    return once(Math.floor(lostMs / minuteMs) + 1, presence.sinceMs, { seconds: lostMs / 1000 })
  },

  flapping: (input) => countLately(input, ['presence-lost', 'presence-disconnected'], 'departures'),
  'engine-crash-loop': (input) => countLately(input, ['engine-crashed'], 'crashes'),

  undervoltage: bitOf('undervoltage'),
  throttled: bitOf('throttled'),
  'frequency-capped': bitOf('frequency-capped'),
  'soft-temperature-limit': bitOf('soft-temperature-limit'),

  'supply-low': ({ report }) => {
    const volts = report?.facts.power?.supplyVolts
    return report && volts !== undefined ? once(volts, report.atMs, { volts }) : undefined
  },

  hot: (input) => {
    const limitCelsius = limitOf(input)
    if (limitCelsius === undefined) return undefined
    const spread = lately(input, ({ temperatureC }) => minus(limitCelsius, temperatureC))
    return spread && [{ ...spread, numbers: { celsius: limitCelsius - spread.least, limitCelsius } }]
  },

  'memory-low': (input) => {
    const totalBytes = input.report?.facts.memory?.totalBytes
    const spread = lately(input, ({ memAvailableBytes }) => share(memAvailableBytes, totalBytes))
    return spread && [{ ...spread, numbers: { availableShare: spread.least } }]
  },

  'memory-pressure': ({ report }) => {
    const waitingShare = report?.facts.memory?.pressure
    return report && waitingShare !== undefined ? once(waitingShare, report.atMs, { waitingShare }) : undefined
  },

  'swap-thrash': (input) => {
    const memory = input.report?.facts.memory
    if (memory?.swapTotalBytes === 0) return []
    const spread = lately(input, ({ memAvailableBytes, swapUsedBytes }) => {
      const used = minus(1, share(memAvailableBytes, memory?.totalBytes))
      const swapUsed = share(swapUsedBytes, memory?.swapTotalBytes)
      return used === undefined || swapUsed === undefined ? undefined : Math.min(used, swapUsed)
    })
    return spread && [{ ...spread, numbers: { usedShare: spread.most } }]
  },

  'disk-low': (input) => {
    const totalBytes = input.report?.facts.storage?.totalBytes
    const counted = totalBytes === undefined ? undefined : Math.min(totalBytes, mostDiskBytes)
    const spread = lately(input, ({ diskFreeBytes }) => share(diskFreeBytes, counted))
    return spread && [{ ...spread, numbers: { freeBytes: Math.round(spread.least * (counted ?? 0)) } }]
  },

  'worn-card': ({ report }) => {
    const usedShare = report?.facts.storage?.wear
    return report && usedShare !== undefined ? once(usedShare, report.atMs, { usedShare }) : undefined
  },

  'assignment-failed': ({ assignment }) => {
    if (!assignment || syncOf(assignment) === 'unknown') return undefined
    if (syncOf(assignment) !== 'failed') return []
    const numbers = { assignedRevision: assignment.assignedRevision, appliedRevision: assignment.appliedRevision }
    return [{ ...reading(1, assignment.assignedMs, numbers), about: assignment.failureCode ?? 'revision-ahead' }]
  },

  'out-of-sync': ({ assignment, nowMs }) => {
    if (!assignment || syncOf(assignment) === 'unknown') return undefined
    if (syncOf(assignment) !== 'pending') return []
    const minutes = Math.max(0, Math.floor((nowMs - assignment.assignedMs) / minuteMs))
    return once(minutes, assignment.assignedMs, { minutes })
  },

  slow: ({ speed }) => {
    if (!speed) return undefined
    const { tokensPerSecond, baselineTokensPerSecond, measuredMs } = speed
    return once(tokensPerSecond / baselineTokensPerSecond, measuredMs, { tokensPerSecond, baselineTokensPerSecond })
  },

  expiring: ({ expiries, nowMs }) =>
    expiries &&
    [...new Set(expiries.map(({ name }) => name))].map((name) => {
      const expiresMs = Math.min(...expiries.filter((one) => one.name === name).map((one) => one.expiresMs))
      const days = (expiresMs - nowMs) / dayMs
      return { ...reading(days, nowMs, { days }), about: name }
    }),

  unreadable: ({ report }) =>
    report?.unreadable &&
    Object.entries(factsThatMatter)
      .filter(([fact]) => report.unreadable.some((gap) => gap.fact === fact && couldBeRead(gap)))
      .map(([fact, weight]) => ({ ...reading(weight, report.atMs, {}), about: fact })),

  'clock-off': ({ events }) => {
    const startedMs = newest(events ?? [], 'agent-started')
    const correctedMs = newest(events ?? [], 'clock-corrected')
    // an agent corrects its clock once, after it has started: a start without one had the right time
    if (startedMs > correctedMs) return []
    const offs = (events ?? []).filter(({ code, atMs }) => code === 'clock-corrected' && atMs === correctedMs)
    const seconds = Math.max(...offs.map(({ detail }) => Math.abs(Number(detail.offSeconds))))
    return offs.length > 0 ? once(seconds, correctedMs, { seconds }) : undefined
  },
}

/** 2: without it nothing can be placed. 1: without it nobody sees the device suffer. */
const factsThatMatter: Partial<Record<FactName, number>> = { cpu: 2, memory: 2, storage: 2, thermal: 1, throttling: 1 }

/** Many hosts have no sensors: what is not there, or has no way to be read, is not for a person to mend. */
const couldBeRead = ({ code, fact }: Unreadable) =>
  factsThatMatter[fact as FactName] === 2 || (code !== 'not-present' && code !== 'unsupported')

const reading = (value: number, sinceMs: number, numbers: Record<string, number>): Reading => ({
  about: null,
  least: value,
  most: value,
  sinceMs,
  numbers,
})

const once = (value: number, sinceMs: number, numbers: Record<string, number>) => [reading(value, sinceMs, numbers)]

function bitOf(name: (typeof throttles)[number]): Read {
  return ({ report }) => {
    const throttling = report?.facts.throttling
    if (!throttling) return undefined
    const isNow = throttling.now.includes(name)
    const value = isNow ? 2 : throttling.sinceBoot.includes(name) ? 1 : 0
    return once(value, report.atMs, { now: isNow ? 1 : 0 })
  }
}

/** The figure over the samples of the window that could read it; undefined when none could. */
function lately({ samples, nowMs }: HealthInput, figure: (sample: HealthSample) => number | undefined) {
  const known = (samples ?? [])
    .filter(({ atMs }) => atMs > nowMs - windowMs)
    .map((sample) => ({ atMs: sample.atMs, value: figure(sample) }))
    .filter((one): one is { atMs: number; value: number } => Number.isFinite(one.value))
  if (known.length === 0) return undefined
  const values = known.map(({ value }) => value)
  const sinceMs = Math.min(...known.map(({ atMs }) => atMs))
  return { about: null, least: Math.min(...values), most: Math.max(...values), sinceMs }
}

function countLately({ events, nowMs }: HealthInput, codes: string[], name: string): Reading[] | null | undefined {
  const those = events?.filter(({ code, atMs }) => codes.includes(code) && atMs > nowMs - hourMs)
  const count = new Set(those?.map(({ id }) => id)).size
  return those && once(count, Math.min(nowMs, ...those.map(({ atMs }) => atMs)), { [name]: count })
}

const newest = (events: NonNullable<HealthInput['events']>, wanted: string) =>
  Math.max(Number.NEGATIVE_INFINITY, ...events.filter(({ code }) => code === wanted).map(({ atMs }) => atMs))

/** Where heat begins to cost the whole device its speed, in degrees Celsius. */
function limitOf({ report }: HealthInput): number | undefined {
  if (/^Raspberry Pi\b/.test(report?.facts.board?.model ?? '')) return raspberryPiLimitCelsius
  const zones = (report?.facts.thermal?.zones ?? []).filter(({ criticalCelsius }) => criticalCelsius !== undefined)
  const hottest = Math.max(...zones.map(({ celsius }) => celsius))
  // the samples tell the hottest zone without its name: the limit is that of the zone that was the hottest when probed
  const limits = zones
    .filter(({ celsius }) => celsius === hottest)
    .map((zone) => Number(zone.criticalCelsius) - celsiusBelowPowerOff)
  return limits.length > 0 ? Math.min(...limits) : undefined
}

type MaybeNumber = number | null | undefined

const isKnown = (value: MaybeNumber): value is number => value !== null && value !== undefined

const share = (part: MaybeNumber, whole: MaybeNumber) => (isKnown(part) && isKnown(whole) ? part / whole : undefined)

const minus = (from: number, value: MaybeNumber) => (isKnown(value) ? from - value : undefined)

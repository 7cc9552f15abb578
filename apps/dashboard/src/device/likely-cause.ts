import type { Facts } from '@tradewind/protocol'
import type { EventRow, SamplePoint } from '@tradewind/store'

/** What is known of a device that went silent. Times are milliseconds since 1970. */
export type Silence = {
  lostMs: number
  facts: Facts | null
  /** the last it measured before */
  last: SamplePoint | null
  /** of this device, any order */
  events: Pick<EventRow, 'code' | 'atMs' | 'detail'>[]
  /** other devices that were lost at about the same time */
  beside: number
}

/** What points to a cause, with its numbers. */
export type Clue =
  | { code: 'undervoltage'; now: boolean }
  | { code: 'heat'; celsius: number; limitCelsius: number }
  | { code: 'battery'; level: number }
  | { code: 'memory'; availableShare: number }
  | { code: 'engine'; agoMs: number }
  | { code: 'disk'; freeBytes: number }
  | { code: 'together'; devices: number }
  | { code: 'radio'; signalDbm: number }
  | { code: 'routine'; times: number }
  | { code: 'flapping'; times: number }

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const limits = {
  /** below where the kernel powers off; and where it does not say so */
  belowCritical: 5,
  celsius: 95,
  batteryLevel: 0.1,
  memoryShare: 0.05,
  engineMs: 10 * 60_000,
  diskBytes: 64 * 1024 ** 2,
  signalDbm: -75,
  /** two days at about the same time may be chance; three are a timer, or somebody who goes home */
  routineTimes: 2,
  routineMs: 20 * 60_000,
  flappingTimes: 3,
  /** the event of this very loss */
  itselfMs: 60_000,
}

/** What speaks for a cause, the most telling first. Empty when nothing does: then nobody knows. */
export function cluesOf({ lostMs, facts, last, events, beside }: Silence): Clue[] {
  const clues: (Clue | null)[] = [
    supplyOf(facts, 'now'),
    heat(facts, last),
    battery(facts),
    memory(facts, last),
    engine(events, lostMs),
    disk(last),
    beside > 0 ? { code: 'together', devices: beside } : null,
    supplyOf(facts, 'sinceBoot'),
    flapping(events, lostMs),
    routine(events, lostMs),
    radio(facts),
  ]
  return clues.filter((clue) => clue !== null)
}

/** At its last report, or at least once since it booted: that is long ago perhaps, and tells less. */
function supplyOf(facts: Facts | null, when: 'now' | 'sinceBoot'): Clue | null {
  const { now = [], sinceBoot = [] } = facts?.throttling ?? {}
  const isWeakNow = now.includes('undervoltage')
  if (when === 'now') return isWeakNow ? { code: 'undervoltage', now: true } : null
  return !isWeakNow && sinceBoot.includes('undervoltage') ? { code: 'undervoltage', now: false } : null
}

function heat(facts: Facts | null, last: SamplePoint | null): Clue | null {
  const celsius = last?.temperatureC
  const critical = (facts?.thermal?.zones ?? []).flatMap(({ criticalCelsius }) => criticalCelsius ?? [])
  const limitCelsius = critical.length > 0 ? Math.min(...critical) - limits.belowCritical : limits.celsius
  return celsius != null && celsius >= limitCelsius ? { code: 'heat', celsius, limitCelsius } : null
}

function battery(facts: Facts | null): Clue | null {
  const { source, batteries = [] } = facts?.power ?? {}
  const levels = batteries.flatMap(({ level }) => level ?? [])
  const level = Math.max(...levels)
  return source === 'battery' && level <= limits.batteryLevel && levels.length > 0 ? { code: 'battery', level } : null
}

function memory(facts: Facts | null, last: SamplePoint | null): Clue | null {
  const [total, available] = [facts?.memory?.totalBytes, last?.memAvailableBytes]
  if (total === undefined || available == null) return null
  const availableShare = available / total
  return availableShare <= limits.memoryShare ? { code: 'memory', availableShare } : null
}

function engine(events: Silence['events'], lostMs: number): Clue | null {
  const crashes = events.filter(({ code, atMs }) => code === 'engine-crashed' && atMs <= lostMs)
  const agoMs = lostMs - Math.max(...crashes.map(({ atMs }) => atMs))
  return agoMs <= limits.engineMs ? { code: 'engine', agoMs } : null
}

const disk = (last: SamplePoint | null): Clue | null =>
  last?.diskFreeBytes != null && last.diskFreeBytes <= limits.diskBytes
    ? { code: 'disk', freeBytes: last.diskFreeBytes }
    : null

function radio(facts: Facts | null): Clue | null {
  const { interfaces = [] } = facts?.network ?? {}
  const isWired = interfaces.some(({ kind, addresses }) => kind === 'ethernet' && addresses.length > 0)
  const signals = interfaces.flatMap(({ signalDbm }) => signalDbm ?? [])
  const signalDbm = Math.max(...signals)
  return !isWired && signals.length > 0 && signalDbm <= limits.signalDbm ? { code: 'radio', signalDbm } : null
}

const lossesBefore = (events: Silence['events'], lostMs: number) =>
  events
    .filter(({ code }) => code === 'presence-lost' || code === 'presence-disconnected')
    .map(({ atMs }) => lostMs - atMs)
    .filter((agoMs) => agoMs > limits.itselfMs)

function flapping(events: Silence['events'], lostMs: number): Clue | null {
  const times = lossesBefore(events, lostMs).filter((agoMs) => agoMs <= hourMs).length
  return times >= limits.flappingTimes ? { code: 'flapping', times } : null
}

/** On how many days before it left at about this time of the day. */
function routine(events: Silence['events'], lostMs: number): Clue | null {
  const days = lossesBefore(events, lostMs).flatMap((agoMs) => {
    const day = Math.round(agoMs / dayMs)
    return day > 0 && Math.abs(agoMs - day * dayMs) <= limits.routineMs ? [day] : []
  })
  const times = new Set(days).size
  return times >= limits.routineTimes ? { code: 'routine', times } : null
}

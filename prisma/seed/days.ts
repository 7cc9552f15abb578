import type { SeedDevice } from './cast'
import { between, chance } from './chance'
import type { Absence } from './story'

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000]

/** How busy each role is at each hour of the day, from 0 to 1; the clock is UTC, and so are the sites. */
const rhythm: Record<string, (hour: number) => number> = {
  line: (hour) => (hour < 5 || hour >= 21 ? 0.06 : hour === 12 ? 0.35 : 0.78),
  counter: (hour) => (hour < 8 || hour >= 20 ? 0.03 : hour === 11 || hour === 17 || hour === 18 ? 0.85 : 0.5),
  office: (hour) => (hour < 8 || hour >= 18 ? 0.02 : hour === 13 ? 0.15 : 0.4),
  compute: (hour) => (hour < 6 ? 0.25 : 0.62),
}
const onWeekends: Record<string, number> = { line: 0.45, counter: 0.7, office: 0.1, compute: 0.8 }

/** For each hour of a week, from Monday 0:00, how busy a role is. */
export const weeks: Record<string, Float64Array> = Object.fromEntries(
  Object.entries(rhythm).map(([role, busyAt]) => [
    role,
    Float64Array.from({ length: 168 }, (_, i) => busyAt(i % 24) * (i >= 120 ? (onWeekends[role] ?? 1) : 1)),
  ]),
)

/** 1970 began on a Thursday. */
export const hourOfWeek = (atMs: number) => (atMs / hourMs + 72) % 168

/** When nothing is heard of a device although nothing is wrong: closed lids, restarts, a bad radio link. */
export function ordinaryAbsences(device: SeedDevice, of: { seed: number; fromMs: number; nowMs: number }): Absence[] {
  const { seed, fromMs, nowMs } = of
  const { num, kind } = device
  const absences: Absence[] = []
  const isFarAway = chance(seed, num, 'far away') < 0.03
  for (let dayStart = fromMs - (fromMs % dayMs); dayStart < nowMs; dayStart += dayMs) {
    const today = [seed, num, dayStart / dayMs] as const
    if (kind.sleeps) absences.push(...closedLid(today, dayStart))
    else if (chance(...today, 'restart') < 0.08)
      absences.push(
        span(dayStart + between(2, 5, ...today) * hourMs, between(1.5, 4, ...today) * minuteMs, 'disconnected'),
      )
    else if (isFarAway && chance(...today, 'radio') < 0.6)
      absences.push(span(dayStart + between(6, 22, ...today) * hourMs, between(4, 40, ...today) * minuteMs, 'lost'))
  }
  return absences.filter((one) => one.fromMs > fromMs && one.fromMs < nowMs - 2 * minuteMs)
}

/** Open in the day, closed in the evening until the next morning, and all the weekend. */
function closedLid(today: readonly [number, number, number], dayStart: number): Absence[] {
  const closesMs = dayStart + between(17, 19.5, ...today, 'closes') * hourMs
  const morning = dayStart + dayMs
  const isWorkday = (atMs: number) => hourOfWeek(atMs) < 120
  if (!isWorkday(dayStart)) return []
  const opensOn = [morning, morning + dayMs, morning + 2 * dayMs].find(isWorkday) ?? morning
  return [{ fromMs: closesMs, toMs: opensOn + between(7.4, 9, ...today, 'opens') * hourMs, how: 'sleeping' }]
}

const span = (fromMs: number, forMs: number, how: Absence['how']): Absence => ({
  ...{ fromMs: Math.round(fromMs), toMs: Math.round(fromMs + forMs) },
  how,
})

/** In order, and none within another. */
export function merged(absences: Absence[]): Absence[] {
  const kept: Absence[] = []
  for (const one of absences.toSorted((a, b) => a.fromMs - b.fromMs))
    if (one.fromMs > (kept.at(-1)?.toMs ?? 0)) kept.push(one)
  return kept
}

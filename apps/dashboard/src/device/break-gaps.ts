import type { FigureName } from '@tradewind/protocol'
import type { SamplePoint } from '@tradewind/store'

/** Samples come every 10 s, or every second while a person watches. */
export const usualIntervalMs = 10_000
/** Above this distance the line breaks: something was missed. */
export const gapMs = 2.5 * usualIntervalMs

/** Columns as uPlot draws them: seconds first, then one column per figure; null breaks the line. */
export type Columns = [times: number[], ...figures: (number | null)[][]]

/** A point that knows nothing is put into each gap, so that no line is drawn over what was not measured. */
export function breakGaps(points: SamplePoint[], figures: readonly FigureName[]): Columns {
  const columns: Columns = [[], ...figures.map(() => [] as (number | null)[])]
  const [times, ...values] = columns
  let before: number | undefined
  for (const point of points) {
    if (before !== undefined && point.atMs - before > gapMs) {
      times.push((before + point.atMs) / 2000)
      for (const column of values) column.push(null)
    }
    times.push(point.atMs / 1000)
    for (const [i, figure] of figures.entries()) values[i]?.push(point[figure])
    before = point.atMs
  }
  return columns
}

/** Appends what is new, keeps the order of time, and forgets what is older than `fromMs`. */
export function appendPoints(known: SamplePoint[], fresh: SamplePoint[], fromMs: number): SamplePoint[] {
  const times = new Set(known.map(({ atMs }) => atMs))
  const added = fresh.filter(({ atMs }) => !times.has(atMs))
  const late = added.some(({ atMs }) => atMs < (known.at(-1)?.atMs ?? 0))
  const all = [...known, ...added].filter(({ atMs }) => atMs >= fromMs)
  return late ? all.sort((a, b) => a.atMs - b.atMs) : all
}

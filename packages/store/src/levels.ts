import type { ChartLevel, RollupLevel } from './model'

const minuteMs = 60_000

/** How many minutes a bucket holds, as it stands in `Rollup.level`; the finest first. */
export const minutesOf: Record<RollupLevel, number> = { '1m': 1, '15m': 15, '1h': 60 }

export const bucketMsOf = (level: RollupLevel) => minutesOf[level] * minuteMs
export const rollupLevels = Object.keys(minutesOf) as RollupLevel[]

/** How far apart an agent takes its samples when nobody watches; more often only for as long as somebody does. */
const sampleEveryMs = 10_000

export type Range = { fromMs: number; toMs: number; most: number }
/** Since when each level is whole, milliseconds since 1970; a level that was never dropped from is not named. */
export type KeptSince = Partial<Record<ChartLevel, number>>
export type Choice = { level: 'raw'; bucketMs: null } | { level: RollupLevel; bucketMs: number }

/**
 * What may serve a chart, the finest first: what gives at most `most` points for the range and is kept that far back.
 * With two points or more there is always one: the coarsest level, with as many of its buckets to a point as it takes.
 */
export function choicesFor({ fromMs, toMs, most }: Range, keptSince: KeptSince): Choice[] {
  const kept = (level: ChartLevel) => fromMs >= (keptSince[level] ?? 0)
  const fits = (level: RollupLevel) => kept(level) && bucketsIn(fromMs, toMs, bucketMsOf(level)) <= most
  const raw = kept('raw') && (toMs - fromMs) / sampleEveryMs <= most
  return [
    ...(raw ? [{ level: 'raw' as const, bucketMs: null }] : []),
    ...rollupLevels.filter(fits).map((level) => ({ level, bucketMs: bucketMsOf(level) })),
    ...(most >= 2 ? [{ level: '1h' as const, bucketMs: widened(toMs - fromMs, most) }] : []),
  ]
}

const bucketsIn = (fromMs: number, toMs: number, bucketMs: number) =>
  Math.floor((toMs - 1) / bucketMs) - Math.floor(fromMs / bucketMs) + 1

/** A range that starts within a bucket touches one more than its length holds, therefore `most - 1`. */
function widened(rangeMs: number, most: number): number {
  const hourMs = bucketMsOf('1h')
  return hourMs * Math.max(1, Math.ceil(rangeMs / ((most - 1) * hourMs)))
}

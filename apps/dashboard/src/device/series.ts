import type { FigureName } from '@tradewind/protocol'
import type { ChartPoint, SamplePoint } from '@tradewind/store'

type Values = (number | null)[]

/** One value a point; null where no sample of the point could read the figure. */
export type Spreads = { min: Values; mean: Values; max: Values }

/**
 * Figures over time, in columns: a third of the bytes of points, and what a plot wants. `bucketMs` is how much time a
 * point stands for, from its moment on; null when the points are the samples themselves, whose min, mean and max are one.
 */
export type Series = { bucketMs: number | null; atMs: number[]; figures: Partial<Record<FigureName, Spreads>> }

/** Samples come every 10 s, or every second while a person watches; beyond two and a half of the longer, one was missed. */
export const gapMs = ({ bucketMs }: Pick<Series, 'bucketMs'>) => (bucketMs === null ? 25_000 : 1.5 * bucketMs)

const emptySeries = (bucketMs: number | null, figures: readonly FigureName[]): Series => ({
  bucketMs,
  atMs: [],
  figures: Object.fromEntries(figures.map((figure) => [figure, { min: [], mean: [], max: [] }])),
})

/** Six digits say all that a sensor does; a mean has sixteen, of which a day would be a hundred kilobytes more. */
const short = (value: number) => Number(value.toPrecision(6))

/** The points of a chart as columns. */
export function seriesOf(points: ChartPoint[], bucketMs: number | null, figures: readonly FigureName[]): Series {
  const series = emptySeries(bucketMs, figures)
  for (const point of points) {
    series.atMs.push(point.atMs)
    for (const figure of figures) push(series, figure, point[figure])
  }
  return series
}

type Spread = { min: number; mean: number; max: number }

function push(series: Series, figure: FigureName, spread: Spread | null) {
  const column = series.figures[figure]
  column?.min.push(spread ? short(spread.min) : null)
  column?.mean.push(spread ? short(spread.mean) : null)
  column?.max.push(spread ? short(spread.max) : null)
}

/** Samples, oldest first, as they are, or gathered in buckets. */
export function seriesOfSamples(
  samples: SamplePoint[],
  bucketMs: number | null,
  figures: readonly FigureName[],
): Series {
  const series = emptySeries(bucketMs, figures)
  for (const bucket of bucketsOf(samples, bucketMs)) {
    series.atMs.push(bucket.atMs)
    for (const figure of figures) push(series, figure, spreadOf(bucket.samples, figure))
  }
  return series
}

type Bucket<T> = { atMs: number; samples: T[] }

function bucketsOf<T extends { atMs: number }>(samples: T[], bucketMs: number | null): Bucket<T>[] {
  if (bucketMs === null) return samples.map((sample) => ({ atMs: sample.atMs, samples: [sample] }))
  const buckets: Bucket<T>[] = []
  for (const sample of samples) {
    const atMs = sample.atMs - (sample.atMs % bucketMs)
    const last = buckets.at(-1)
    if (last?.atMs === atMs) last.samples.push(sample)
    else buckets.push({ atMs, samples: [sample] })
  }
  return buckets
}

const known = (values: (number | null | undefined)[]) => values.filter((value) => value != null)
const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function spreadOf(samples: SamplePoint[], figure: FigureName): Spread | null {
  const values = known(samples.map((sample) => sample[figure]))
  if (values.length === 0) return null
  return { min: Math.min(...values), mean: meanOf(values), max: Math.max(...values) }
}

const niceMinutes = [1, 2, 5, 15, 30, 60, 180, 360, 720, 1440]

/**
 * The same with wider buckets, so that there are about as many as a chart of `rangeMs` has room for: `most`. Samples
 * stay what they are. Each bucket counts alike in a mean, because how many samples it had is not told.
 */
export function widened(series: Series, rangeMs: number, most = 300): Series {
  const { bucketMs, atMs, figures } = series
  const wanted = niceMinutes.map((minutes) => minutes * 60_000).find((ms) => ms >= rangeMs / most)
  if (bucketMs === null || wanted === undefined || wanted <= bucketMs) return series
  const wide = emptySeries(wanted, Object.keys(figures) as FigureName[])
  const places = atMs.map((at, i) => ({ atMs: at, i }))
  for (const bucket of bucketsOf(places, wanted)) {
    wide.atMs.push(bucket.atMs)
    for (const [figure, spreads] of Object.entries(figures) as [FigureName, Spreads][]) {
      const of = (values: Values) => known(bucket.samples.map(({ i }) => values[i]))
      const [min, mean, max] = [of(spreads.min), of(spreads.mean), of(spreads.max)]
      const isKnown = mean.length > 0
      push(wide, figure, isKnown ? { min: Math.min(...min), mean: meanOf(mean), max: Math.max(...max) } : null)
    }
  }
  return wide
}

/** Two series of the same figures and buckets, the earlier first. */
export function joined(earlier: Series, later: Series): Series {
  const figures: Series['figures'] = {}
  for (const [name, before] of Object.entries(earlier.figures) as [FigureName, Spreads][]) {
    const after = later.figures[name] ?? { min: [], mean: [], max: [] }
    figures[name] = {
      min: [...before.min, ...after.min],
      mean: [...before.mean, ...after.mean],
      max: [...before.max, ...after.max],
    }
  }
  return { bucketMs: earlier.bucketMs, atMs: [...earlier.atMs, ...later.atMs], figures }
}

/** Appends what is new, keeps the order of time, and forgets what is older than `fromMs`. */
export function appendSamples(known: SamplePoint[], fresh: SamplePoint[], fromMs: number): SamplePoint[] {
  const times = new Set(known.map(({ atMs }) => atMs))
  const added = fresh.filter(({ atMs }) => !times.has(atMs))
  const late = added.some(({ atMs }) => atMs < (known.at(-1)?.atMs ?? 0))
  const all = [...known, ...added].filter(({ atMs }) => atMs >= fromMs)
  return late ? all.sort((a, b) => a.atMs - b.atMs) : all
}

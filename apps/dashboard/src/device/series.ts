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

/** Digits of a mean that say something. */
const digits = 6

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
  column?.min.push(spread?.min ?? null)
  column?.mean.push(spread && Number(spread.mean.toPrecision(digits)))
  column?.max.push(spread?.max ?? null)
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

type Bucket = { atMs: number; samples: SamplePoint[] }

function bucketsOf(samples: SamplePoint[], bucketMs: number | null): Bucket[] {
  if (bucketMs === null) return samples.map((sample) => ({ atMs: sample.atMs, samples: [sample] }))
  const buckets: Bucket[] = []
  for (const sample of samples) {
    const atMs = sample.atMs - (sample.atMs % bucketMs)
    const last = buckets.at(-1)
    if (last?.atMs === atMs) last.samples.push(sample)
    else buckets.push({ atMs, samples: [sample] })
  }
  return buckets
}

function spreadOf(samples: SamplePoint[], figure: FigureName): Spread | null {
  const values = samples.map((sample) => sample[figure]).filter((value) => value !== null)
  if (values.length === 0) return null
  return {
    min: Math.min(...values),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    max: Math.max(...values),
  }
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

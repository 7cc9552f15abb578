import type { FigureName } from '@tradewind/protocol'
import type { ChartPoint, SamplePoint, Store, WorkDone } from '@tradewind/store'
import { type RangeName, ranges } from './ranges'
import { joined, type Series, seriesOf, seriesOfSamples } from './series'

/**
 * What a device did in a range of time. Rollups tell it up to `samplesFromMs`, samples from there on, so that what
 * arrives live is gathered into the same buckets. Times are milliseconds since 1970.
 */
export type History = {
  range: RangeName
  fromMs: number
  toMs: number
  rollups: Series
  samplesFromMs: number
  samples: SamplePoint[]
  /** the newest sample of the last 30 days, when the range itself has none; null when there is none at all */
  newestMs: number | null
  /** what it did in the range, and in the last 30 days; by quarters of an hour */
  work: WorkDone
  worked: WorkDone
}

/** Rollups are behind by a minute or so, and by more after the hub was away; of this long the samples are read. */
const settledMs = 15 * 60_000
/** A device that was watched for the whole hour has 3,600 samples of it. */
const mostSamples = 4000

/** Null when there is no such device. */
export async function readHistory(
  store: Pick<Store, 'chartOf' | 'workOf'>,
  deviceId: string,
  { range, nowMs, figures }: { range: RangeName; nowMs: number; figures: readonly FigureName[] },
): Promise<History | null> {
  const fromMs = nowMs - ranges[range].ms
  const chart = await store.chartOf(deviceId, fromMs, nowMs, range === '1h' ? mostSamples : undefined)
  const work = await store.workOf(deviceId, { fromMs, toMs: nowMs })
  const worked = await store.workOf(deviceId, { fromMs: nowMs - ranges['30d'].ms, toMs: nowMs })
  if (!chart || !work || !worked) return null
  const { bucketMs } = chart
  const samplesFromMs = bucketMs === null ? fromMs : startOfBucket(nowMs - settledMs, bucketMs)
  const samples = bucketMs === null ? chart : await store.chartOf(deviceId, samplesFromMs, nowMs, mostSamples)
  const settled = bucketMs === null ? [] : chart.points.filter(({ atMs }) => atMs < samplesFromMs)
  const history = {
    range,
    fromMs,
    toMs: nowMs,
    rollups: seriesOf(settled, bucketMs, figures),
    samplesFromMs,
    samples: (samples?.points ?? []).map((point) => sampleOf(point, figures)),
    work,
    worked,
  }
  const isEmpty = settled.length + history.samples.length === 0
  return { ...history, newestMs: isEmpty ? await newestOf(store, deviceId, nowMs) : null }
}

const startOfBucket = (atMs: number, bucketMs: number) => atMs - (atMs % bucketMs)

const sampleOf = (point: ChartPoint, figures: readonly FigureName[]) =>
  ({
    atMs: point.atMs,
    ...Object.fromEntries(figures.map((figure) => [figure, point[figure]?.last ?? null])),
  }) as SamplePoint

async function newestOf(store: Pick<Store, 'chartOf'>, deviceId: string, nowMs: number) {
  const month = await store.chartOf(deviceId, nowMs - ranges['30d'].ms, nowMs)
  return month?.points.at(-1)?.atMs ?? null
}

/** All of it as one series. */
export function wholeOf({ rollups, samples }: Pick<History, 'rollups' | 'samples'>, figures: readonly FigureName[]) {
  return joined(rollups, seriesOfSamples(samples, rollups.bucketMs, figures))
}

import { figureNames, workNames } from '@tradewind/protocol'
import type { IngestBatch, PastBucket, PastWork, RollupLevel, SeedStore, WorkDone } from '@tradewind/store'
import { type Body, figureCount, sampleEveryMs } from './body'
import { hashOf } from './chance'

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000]
const bucketMs: Record<RollupLevel, number> = { '1m': minuteMs, '15m': 15 * minuteMs, '1h': hourMs }
/** Minutes of samples in one commit. */
const minutesAtOnce = 5

/**
 * How much of the past is there. `close`: devices of which everything is kept, down to the samples of the last hours.
 * Of the others as much as a month of ten thousand devices leaves room for.
 */
export type Extent = {
  nowMs: number
  days: number
  close: Body[]
  others: Body[]
  /** samples of `close` */
  rawHours: number
  minuteDays: number
  /** quarters of an hour of `others`; `close` have them for all days */
  quarterDays: number
}

/** Writes the history of a fleet; tells how far it is, and returns the rows it wrote. */
export async function layPast(store: SeedStore, extent: Extent, tell: (what: string, share: number) => void) {
  const { nowMs, days, close, others, rawHours, minuteDays, quarterDays } = extent
  const hour = (atMs: number) => atMs - (atMs % hourMs)
  const [fromMs, rawFromMs] = [hour(nowMs - days * dayMs), hour(nowMs - rawHours * hourMs)]
  const minuteFromMs = Math.max(fromMs, hour(nowMs - minuteDays * dayMs))
  const quarterFromMs = Math.max(fromMs, hour(nowMs - quarterDays * dayMs))
  const lay = (level: RollupLevel, parts: Part[]) =>
    store.layRollups(
      level,
      buckets(level, { fromMs, toMs: nowMs }, parts, (share) => tell(`${level} rollups`, share)),
    )

  const wrote = {
    '1m': lay('1m', [{ bodies: close, fromMs: minuteFromMs, toMs: rawFromMs, stride: 1 }]),
    '15m': lay('15m', [
      { bodies: close, fromMs, toMs: rawFromMs, stride: 3 },
      { bodies: others, fromMs: quarterFromMs, toMs: nowMs, stride: 30 },
    ]),
    '1h': lay('1h', [
      { bodies: close, fromMs, toMs: rawFromMs, stride: 6 },
      { bodies: others, fromMs, toMs: nowMs, stride: 90 },
    ]),
  }
  const spans = { fromMs, toMs: nowMs, rawFromMs, quarterFromMs }
  const work = store.layWork(quartersOfWork(close, others, spans, (share) => tell('work', share)))
  const samples = await laySamples(store, close, rawFromMs, nowMs, (share) => tell('samples', share))
  const everyone = others.length === 0
  await store.keepSince({
    raw: everyone ? rawFromMs : nowMs,
    '1m': everyone ? minuteFromMs : nowMs,
    ...(everyone ? {} : { '15m': quarterFromMs }),
  })
  return { ...wrote, work, samples }
}

/** What all did, and what each did where that is kept: quarter hours in the order of time. The last hours are in samples. */
function* quartersOfWork(
  close: Body[],
  others: Body[],
  of: { fromMs: number; toMs: number; rawFromMs: number; quarterFromMs: number },
  tell: (share: number) => void,
): Generator<PastWork> {
  const length = bucketMs['15m']
  for (let atMs = of.fromMs; atMs < of.toMs; atMs += length) {
    tell((atMs - of.fromMs) / (of.toMs - of.fromMs))
    const total = Object.fromEntries(workNames.map((name) => [name, 0])) as WorkDone
    const seconds = Math.min(length, of.toMs - atMs) / 1000
    const middleMs = atMs + length / 2
    const rows: PastWork[] = []
    for (const body of atMs < of.rawFromMs ? [...close, ...others] : others) {
      if (body.device.enrolledMs > atMs || body.isAway(middleMs)) continue
      const work = body.workIn(seconds, body.activity(middleMs), body.plot.speed(middleMs))
      if (!work) continue
      for (const name of workNames) total[name] += work[name]
      if (others.length === 0 || atMs >= of.quarterFromMs) rows.push({ atMs, device: body.device.num, work })
    }
    yield { atMs, device: 0, work: total }
    yield* rows
  }
}

/** `stride`: of so many samples one is looked at, and stands for all of them. */
type Part = { bodies: Body[]; fromMs: number; toMs: number; stride: number }

/** In the order of time, then of device. */
function* buckets(
  level: RollupLevel,
  { fromMs, toMs }: { fromMs: number; toMs: number },
  parts: Part[],
  tell: (share: number) => void,
): Generator<PastBucket> {
  const length = bucketMs[level]
  const members = parts
    .flatMap(({ bodies, ...part }) => bodies.map((body) => ({ body, ...part })))
    .sort((a, b) => a.body.device.num - b.body.device.num)
  const first = Math.min(...parts.map((part) => part.fromMs))
  for (let atMs = Math.max(fromMs, first - (first % length)); atMs < toMs; atMs += length) {
    tell((atMs - first) / (toMs - first))
    for (const one of members) {
      if (atMs < one.fromMs || atMs >= one.toMs) continue
      const bucket = bucketOf(one.body, atMs, Math.min(atMs + length, one.toMs), one.stride)
      if (bucket) yield bucket
    }
  }
}

const out = new Float64Array(figureCount)

/** Null when nothing was heard of it. */
function bucketOf(body: Body, fromMs: number, toMs: number, stride: number): PastBucket | null {
  const figures: (number | null)[] = Array.from({ length: figureCount * 5 }, (_, i) =>
    i % 5 === 1 || i % 5 === 2 ? 0 : null,
  )
  let lastMs = 0
  // never the same places in each bucket, so that nothing beats with the rhythm of requests
  const offset = stride === 1 ? 0 : hashOf(body.device.num, fromMs) % stride
  for (let atMs = fromMs + offset * sampleEveryMs; atMs < toMs; atMs += stride * sampleEveryMs) {
    if (atMs < body.device.enrolledMs || !body.sampleInto(out, atMs)) continue
    lastMs = atMs
    for (let f = 0; f < figureCount; f++) {
      const value = out[f] as number
      if (!Number.isNaN(value)) take(figures, f * 5, value, stride)
    }
  }
  return lastMs === 0 ? null : { atMs: fromMs, device: body.device.num, lastMs, figures }
}

function take(figures: (number | null)[], at: number, value: number, stride: number) {
  const [min, sum, count, max] = [figures[at], figures[at + 1], figures[at + 2], figures[at + 3]]
  figures[at] = min == null || value < min ? value : min
  figures[at + 1] = (sum ?? 0) + value * stride
  figures[at + 2] = (count ?? 0) + stride
  figures[at + 3] = max == null || value > max ? value : max
  figures[at + 4] = value
}

/** The samples as devices send them, a minute at a time, and the rollups that follow them. */
async function laySamples(
  store: SeedStore,
  bodies: Body[],
  fromMs: number,
  nowMs: number,
  tell: (share: number) => void,
) {
  let seq = 0
  let count = 0
  for (let atMs = fromMs; atMs + minuteMs <= nowMs; atMs += minutesAtOnce * minuteMs) {
    tell((atMs - fromMs) / (nowMs - fromMs))
    const batches: IngestBatch[] = []
    for (let minute = 0; minute < minutesAtOnce && atMs + (minute + 1) * minuteMs <= nowMs; minute++) {
      for (const body of bodies) batches.push(batchOf(body, atMs + minute * minuteMs, seq))
      seq += minuteMs / sampleEveryMs
    }
    const { stored } = await store.commit({
      batches: batches.filter(({ samples }) => samples.length > 0),
      ...{ events: [], presences: [], reports: [], reported: [], measured: [] },
    })
    count += stored
  }
  while ((await store.rollUp(20_000)) > 0) tell(1)
  await store.flushMarks()
  return count
}

function batchOf(body: Body, fromMs: number, seq: number): IngestBatch {
  const samples = Array.from({ length: minuteMs / sampleEveryMs }, (_, i) => {
    const atMs = fromMs + i * sampleEveryMs
    if (atMs < body.device.enrolledMs || !body.sampleInto(out, atMs)) return null
    const figures = Object.fromEntries(
      figureNames.flatMap((name, f) => (Number.isNaN(out[f]) ? [] : [[name, out[f] as number]])),
    )
    const work = body.workAt(atMs)
    return { seq: seq + i + 1, atMs, figures, ...(work && { work }) }
  }).filter((one) => one !== null)
  const stream = hashOf(body.device.id, 'stream').toString(16).padStart(16, '0')
  return { device: body.device.num, stream, receivedMs: fromMs + minuteMs, samples }
}

import { type FigureName, figureNames } from '@tradewind/protocol'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { choicesFor } from './levels'
import { openStore, type Store } from './open'
import { enrolOne, group, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const [secondMs, minuteMs, hourMs, dayMs] = [1000, 60_000, 3_600_000, 86_400_000]
/** the start of a day */
const t0 = 20_718 * dayMs
let store: Store
let id: string

beforeEach(async () => {
  store = await openStore(newFile(folder), { ingests: true })
  await store.setHubInfo(hub)
  id = await enrolOne(store)
})
afterEach(() => store.close())

let streams = 0
async function take(samples: [atMs: number, load1: number][], receivedMs?: number) {
  const rows = samples.map(([atMs, load1], i) => ({ seq: i + 1, atMs, figures: { load1 } }))
  const last = receivedMs ?? samples.at(-1)?.[0] ?? t0
  const batch = { stream: `stream${++streams}`, receivedMs: last, samples: rows }
  const stranger = { ...batch, samples: rows.map((row) => ({ ...row, figures: { load1: 99 } })) }
  await store.commit(
    group({
      batches: [
        { device: 2, ...stranger },
        { device: 1, ...batch },
      ],
    }),
  )
}
const every = (ms: number, count: number, fromMs = t0) =>
  Array.from({ length: count }, (_, i) => [fromMs + i * ms, i] as [number, number])
const rollUpAll = async () => {
  while ((await store.rollUp()) > 0);
}
async function chart(fromMs: number, toMs: number, most?: number) {
  const drawn = await store.chartOf(id, fromMs, toMs, most)
  if (!drawn) throw new Error('no such device')
  return drawn
}

const unread = Object.fromEntries(figureNames.map((name) => [name, null])) as Record<FigureName, null>
const spread = (min: number, mean: number, max: number, last: number) => ({ min, mean, max, last })

describe('the level of a chart', () => {
  test.each<[string, number, number, string, number | null]>([
    ['an hour', hourMs, 1500, 'raw', null],
    ['four hours', 4 * hourMs, 1500, 'raw', null],
    ['a day', dayMs, 1500, '1m', minuteMs],
    ['a week', 7 * dayMs, 1500, '15m', 15 * minuteMs],
    ['a month', 30 * dayMs, 1500, '1h', hourMs],
    ['a year', 365 * dayMs, 1500, '1h', 6 * hourMs],
    ['an hour in few points', hourMs, 60, '1m', minuteMs],
    ['an hour in two points', hourMs, 2, '1h', hourMs],
  ])('%s', (_, rangeMs, most, level, bucketMs) => {
    expect(choicesFor({ fromMs: t0, toMs: t0 + rangeMs, most }, {})[0]).toEqual({ level, bucketMs })
  })

  test('what was dropped of the range is not drawn from', () => {
    const day = { fromMs: t0, toMs: t0 + hourMs, most: 1500 }
    expect(choicesFor(day, { raw: t0 })[0]?.level).toBe('raw')
    expect(choicesFor(day, { raw: t0 + 1 })[0]?.level).toBe('1m')
    expect(choicesFor(day, { raw: t0 + 1, '1m': t0 + 1 })[0]?.level).toBe('15m')
    expect(choicesFor(day, { raw: t0 + 1, '1m': t0 + 1, '15m': t0 + 1, '1h': t0 + 1 })[0]?.level).toBe('1h')
  })
})

test('a short range shows the samples, rolled up or not, and what no sample read is null', async () => {
  await take(every(10 * secondMs, 9))
  const points = every(10 * secondMs, 8).map(([atMs, n]) => ({ ...unread, atMs, load1: spread(n, n, n, n) }))
  const range = [t0, t0 + 80 * secondMs] as const
  expect(await chart(...range)).toEqual({ level: 'raw', bucketMs: null, points })
  await store.rollUp(5)
  expect(await chart(...range)).toEqual({ level: 'raw', bucketMs: null, points })
  await rollUpAll()
  expect(await chart(...range)).toEqual({ level: 'raw', bucketMs: null, points })
})

test('late samples are in their place, in the samples and in the rollups', async () => {
  await take([
    [t0 + 50_000, 5],
    [t0 + 70_000, 7],
  ])
  await rollUpAll()
  await take([[t0 + 40_000, 1]], t0 + 3 * hourMs)
  await rollUpAll()
  const raw = await chart(t0, t0 + 2 * minuteMs)
  expect(raw.points.map(({ load1 }) => load1?.last)).toEqual([1, 5, 7])
  const rolled = await chart(t0, t0 + 2 * minuteMs, 2)
  expect(rolled).toEqual({
    level: '1m',
    bucketMs: minuteMs,
    points: [
      { ...unread, atMs: t0, load1: spread(1, 3, 5, 5) },
      { ...unread, atMs: t0 + minuteMs, load1: spread(7, 7, 7, 7) },
    ],
  })
})

test('samples by the second are shown one by one only where they are few enough', async () => {
  await take(every(secondMs, 180))
  await rollUpAll()
  expect(await chart(t0, t0 + 3 * minuteMs, 180)).toMatchObject({ level: 'raw' })
  const thinner = await chart(t0, t0 + 3 * minuteMs, 179)
  expect(thinner.level).toBe('1m')
  expect(thinner.points.map(({ load1 }) => load1)).toEqual([
    spread(0, 29.5, 59, 59),
    spread(60, 89.5, 119, 119),
    spread(120, 149.5, 179, 179),
  ])
})

test('a gap stays a gap', async () => {
  await take([...every(minuteMs, 3), ...every(minuteMs, 2, t0 + 5 * hourMs)])
  await rollUpAll()
  const { level, points } = await chart(t0, t0 + 6 * hourMs, 400)
  expect(level).toBe('1m')
  expect(points.map(({ atMs }) => (atMs - t0) / minuteMs)).toEqual([0, 1, 2, 300, 301])
  expect((await chart(t0 + hourMs, t0 + 5 * hourMs, 400)).points).toEqual([])
})

test('however long the range, there are no more points than asked for', async () => {
  await take(every(20 * minuteMs, 3 * 24 * 40))
  await rollUpAll()
  for (const [days, most] of [
    [40, 1500],
    [40, 100],
    [39.7, 7],
    [40, 2],
    [4000, 30],
  ] as const) {
    const { points, level } = await chart(t0 + 1, t0 + days * dayMs, most)
    expect(level).toBe('1h')
    expect(points.length).toBeGreaterThan(0)
    expect(points.length).toBeLessThanOrEqual(most)
  }
  const { bucketMs, points } = await chart(t0, t0 + 40 * dayMs, 21)
  expect(bucketMs).toBe(2 * dayMs)
  expect(points[1]?.load1).toEqual(spread(144, 215.5, 287, 287))
  expect(points.map(({ atMs }) => atMs)).toEqual(every(2 * dayMs, 20).map(([atMs]) => atMs))
})

test('where the samples and the fine rollups are gone, the coarser ones are shown', async () => {
  await take(every(10 * secondMs, 360))
  await rollUpAll()
  await store.flushMarks()
  expect((await chart(t0, t0 + hourMs)).points).toHaveLength(360)
  await store.dropSamples(t0 + 2 * hourMs)
  expect(await chart(t0, t0 + hourMs)).toMatchObject({ level: '1m', points: { length: 60 } })
  await store.dropRollups('1m', t0 + 30 * minuteMs)
  expect(await chart(t0, t0 + hourMs)).toMatchObject({ level: '15m', points: { length: 4 } })
  await store.dropRollups('15m', t0 + hourMs)
  await store.dropRollups('1h', t0 + hourMs)
  expect(await chart(t0, t0 + hourMs)).toMatchObject({ level: '1h', points: [] })
})

test('a month in one point is refused', async () => {
  await expect(store.chartOf(id, t0, t0 + 30 * dayMs, 1)).rejects.toThrow('2 are the least')
})

test('of a device that does not exist there is no chart, and of one that never reported an empty one', async () => {
  expect(await store.chartOf('nobody', t0, t0 + hourMs)).toBeNull()
  expect((await chart(t0, t0 + hourMs)).points).toEqual([])
  expect((await chart(t0, t0 + dayMs)).points).toEqual([])
})

import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import type { IngestBatch } from './model'
import { openStore, type Store } from './open'
import { enrolOne, group, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const t0 = 1_790_000_000_000
let store: Store
let id: string

beforeEach(async () => {
  store = await openStore(newFile(folder), { ingests: true })
  await store.setHubInfo(hub)
  id = await enrolOne(store)
})
afterEach(() => store.close())

const batch = (
  receivedMs: number,
  samples: [seq: number, atMs: number, figures: IngestBatch['samples'][number]['figures']][],
  stream = 'abcdefgh',
): IngestBatch => ({
  device: 1,
  stream,
  receivedMs,
  samples: samples.map(([seq, atMs, figures]) => ({ seq, atMs, figures })),
})

test('a figure that was not read is null, and a zero is a zero', async () => {
  const figures = { cpuBusy: 0, temperatureC: -3.5, diskFreeBytes: 9_007_199_254_740_991 }
  await store.commit(group({ batches: [batch(t0, [[1, t0, figures]])] }))
  const unread = Object.fromEntries(
    [
      'load1',
      'memAvailableBytes',
      'swapUsedBytes',
      'diskReadBps',
      'diskWriteBps',
      'netRxBps',
      'netTxBps',
      'agentRssBytes',
      'requestsWaiting',
      'tokensPerSecond',
      'realTimeFactor',
    ].map((name) => [name, null]),
  )
  const point = { atMs: t0, ...figures, ...unread }
  expect(await store.samplesOf(id, t0)).toEqual([point])
  expect(await store.latestSamples(t0)).toEqual(new Map([[id, point]]))
})

test('late samples are in their place, and do not pass for the newest', async () => {
  await store.commit(group({ batches: [batch(t0 + 9000, [[5, t0 + 9000, { load1: 9 }]])] }))
  const late = batch(
    t0 + 10_000,
    [
      [1, t0 + 1000, { load1: 1 }],
      [2, t0 + 2000, { load1: 2 }],
    ],
    'earlier1',
  )
  await store.commit(group({ batches: [late] }))
  expect((await store.samplesOf(id, t0)).map(({ load1 }) => load1)).toEqual([1, 2, 9])
  expect((await store.latestSamples(t0)).get(id)).toMatchObject({ load1: 9, atMs: t0 + 9000 })
})

test('only what was taken since then, the newest when there are too many', async () => {
  const all = Array.from({ length: 10 }, (_, i) => [i + 1, t0 + i * 1000, { load1: i }] as [number, number, object])
  await store.commit(group({ batches: [batch(t0 + 20_000, all)] }))
  const loads = async (fromMs: number, limit?: number) =>
    (await store.samplesOf(id, fromMs, limit)).map(({ load1 }) => load1)
  expect(await loads(t0 + 7000)).toEqual([7, 8, 9])
  expect(await loads(t0, 2)).toEqual([8, 9])
  expect(await store.samplesOf('nobody', t0)).toEqual([])
  expect(await store.latestSamples(t0 + 30_000)).toEqual(new Map())
})

test('old samples go in pieces, the oldest first', async () => {
  for (let i = 1; i <= 6; i++)
    await store.commit(group({ batches: [batch(t0 + i * 1000, [[i, t0 + i * 1000, { load1: i }]])] }))
  await store.flushMarks()
  await store.rollUp()
  expect(await store.dropSamples(t0 + 5000, 3)).toBe(3)
  expect(await store.dropSamples(t0 + 5000, 3)).toBe(1)
  expect(await store.dropSamples(t0 + 5000, 3)).toBe(0)
  expect((await store.samplesOf(id, t0)).map(({ load1 }) => load1)).toEqual([5, 6])
})

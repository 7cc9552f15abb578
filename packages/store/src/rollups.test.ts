import { type FigureName, figureNames } from '@tradewind/protocol'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { IngestBatch } from './model'
import { openStore, type Store } from './open'
import { group, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const t0 = 1_790_000_000_000
const hourMs = 3_600_000

type Taken = { device: number; atMs: number; figures: Partial<Record<FigureName, number>> }
/** Samples arrive together, in any order of the time that they tell of; then the hub does something, or nothing. */
type Move = { samples: Taken[]; next: 'nothing' | 'roll-up' | 'reopen'; mostSamples: number }

/** Quarters and whole numbers: sums of them are exact in any order. */
const figures: fc.Arbitrary<Taken['figures']> = fc.record(
  {
    load1: fc.integer({ min: 0, max: 40 }).map((n) => n / 4),
    temperatureC: fc.integer({ min: -200, max: 400 }).map((n) => n / 4),
    diskFreeBytes: fc.integer({ min: 0, max: 2 ** 44 }),
  },
  { requiredKeys: [] },
)
const taken = fc.record({
  device: fc.integer({ min: 1, max: 3 }),
  atMs: fc.oneof(fc.integer({ min: 0, max: 3 * hourMs }), fc.integer({ min: 0, max: 180_000 })).map((ms) => t0 + ms),
  figures,
})
const move: fc.Arbitrary<Move> = fc.record({
  samples: fc.array(taken, { maxLength: 12 }),
  next: fc.constantFrom('nothing', 'roll-up', 'reopen'),
  mostSamples: fc.integer({ min: 1, max: 9 }),
})

/** Every sample in a stream of its own: any order is allowed. */
const batches = (samples: Taken[], firstSeq: number): IngestBatch[] =>
  samples.map(({ device, ...sample }, i) => ({
    device,
    stream: `stream${firstSeq + i}`,
    receivedMs: t0 + 4 * hourMs,
    samples: [{ seq: 1, ...sample }],
  }))

async function rollUpAll(store: Store, mostSamples?: number) {
  while ((await store.rollUp(mostSamples)) > 0);
}

async function play(moves: Move[]): Promise<string> {
  const file = newFile(folder)
  let store = await openStore(file, { ingests: true })
  let seq = 0
  for (const { samples, next, mostSamples } of moves) {
    await store.commit(group({ batches: batches(samples, seq) }))
    seq += samples.length
    if (next === 'roll-up') await store.rollUp(mostSamples)
    if (next === 'reopen') {
      await store.close()
      store = await openStore(file, { ingests: true })
    }
  }
  await rollUpAll(store, 7)
  await store.close()
  return file
}

function rollupsIn(file: string) {
  const db = new Sqlite(file, { readonly: true })
  const rows = db.prepare('SELECT * FROM Rollup').all() as Record<string, number | null>[]
  db.close()
  return new Map(
    rows.map(({ firstId, lastId, level, at, device, ...row }) => [`${level} minutes at ${at} of ${device}`, row]),
  )
}

/** What the rollups must be, from all samples at once, in the order of their time and then of their arrival. */
function rolledUp(samples: Taken[]) {
  const sorted = samples.map((sample, i) => ({ ...sample, i })).sort((a, b) => a.atMs - b.atMs || a.i - b.i)
  const buckets = new Map<string, Taken[]>()
  for (const sample of sorted)
    for (const minutes of [1, 15, 60]) {
      const start = Math.floor(sample.atMs / (minutes * 60_000)) * minutes * 60_000
      const name = `${minutes} minutes at ${start} of ${sample.device}`
      buckets.set(name, [...(buckets.get(name) ?? []), sample])
    }
  return new Map([...buckets].map(([name, members]) => [name, row(members)]))
}

function row(members: Taken[]): Record<string, number | null> {
  const last = members.at(-1)
  const spreads = figureNames.map((name) => {
    const values = members.flatMap(({ figures }) => figures[name] ?? [])
    return {
      [`${name}Min`]: values.length ? Math.min(...values) : null,
      [`${name}Sum`]: values.reduce((sum, value) => sum + value, 0),
      [`${name}Count`]: values.length,
      [`${name}Max`]: values.length ? Math.max(...values) : null,
      [`${name}Last`]: last?.figures[name] ?? null,
    }
  })
  return Object.assign({ lastAt: last?.atMs ?? null }, ...spreads)
}

test('in whatever order samples arrive and in whatever pieces they are rolled up, the rollups are the same', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 8 }), async (moves) => {
      expect(rollupsIn(await play(moves))).toEqual(rolledUp(moves.flatMap(({ samples }) => samples)))
    }),
    { numRuns: 40 },
  )
}, 60_000)

const minutely = (count: number): Taken[] =>
  Array.from({ length: count }, (_, i) => ({ device: 1, atMs: t0 + i * 60_000, figures: { load1: i } }))

async function storeWith(samples: Taken[]) {
  const file = newFile(folder)
  const store = await openStore(file, { ingests: true })
  await store.commit(group({ batches: batches(samples, 0) }))
  return { file, store }
}

describe('the follower of the log', () => {
  test('says how many samples it took, and takes none twice', async () => {
    const { file, store } = await storeWith(minutely(5))
    expect([await store.rollUp(3), await store.rollUp(3), await store.rollUp(3)]).toEqual([3, 2, 0])
    await store.close()
    const again = await openStore(file, { ingests: true })
    expect(await again.rollUp()).toBe(0)
    await again.close()
    expect(rollupsIn(file)).toEqual(rolledUp(minutely(5)))
  })

  test('a piece that fails half-way leaves nothing, neither rollups nor an offset', async () => {
    const { file, store } = await storeWith(minutely(5))
    const other = new Sqlite(file)
    other.exec(`CREATE TRIGGER cut BEFORE INSERT ON Setting WHEN NEW.key = 'rolled-through'
      BEGIN SELECT raise(ABORT, 'the power went'); END`)
    await expect(store.rollUp()).rejects.toThrow(/setting\.upsert/)
    expect(rollupsIn(file)).toEqual(new Map())
    other.exec('DROP TRIGGER cut')
    other.close()
    expect(await store.rollUp()).toBe(5)
    await store.close()
    expect(rollupsIn(file)).toEqual(rolledUp(minutely(5)))
  })

  test('samples that are not rolled up are not dropped', async () => {
    const { file, store } = await storeWith(minutely(6))
    await store.flushMarks()
    expect(await store.dropSamples(t0 + 100 * hourMs)).toBe(0)
    await store.rollUp(4)
    expect(await store.dropSamples(t0 + 100 * hourMs)).toBe(4)
    expect(await store.dropSamples(t0 + 100 * hourMs)).toBe(0)
    await rollUpAll(store)
    expect(await store.dropSamples(t0 + 100 * hourMs)).toBe(2)
    await store.close()
    expect(rollupsIn(file)).toEqual(rolledUp(minutely(6)))
  })

  test('a sum beyond 64 bits does not stop it', async () => {
    const diskFreeBytes = Number.MAX_SAFE_INTEGER
    const vast = Array.from(
      { length: 1100 },
      (_, i): Taken => ({ device: 1, atMs: t0 + i, figures: { diskFreeBytes } }),
    )
    const { file, store } = await storeWith(vast)
    expect(await store.rollUp()).toBe(1100)
    await store.close()
    for (const row of rollupsIn(file).values()) expect(Number(row.diskFreeBytesSum)).toBeGreaterThan(2 ** 62)
  })
})

test('rollups of one level go in pieces, the oldest first, and the other levels stay', async () => {
  const { file, store } = await storeWith(minutely(60))
  await rollUpAll(store)
  const before = rollupsIn(file)
  const old = t0 + 5 * 60_000
  const pieces = [await store.dropRollups('1m', old, 4), await store.dropRollups('1m', old, 4)]
  expect([...pieces, await store.dropRollups('1m', old, 4)]).toEqual([4, 2, 0])
  await store.close()
  const gone = minutely(6).map(({ atMs }) => `1 minutes at ${atMs - (atMs % 60_000)} of 1`)
  expect(rollupsIn(file)).toEqual(new Map([...before].filter(([name]) => !gone.includes(name))))
})

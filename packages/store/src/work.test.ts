import { type Work, workNames } from '@tradewind/protocol'
import Sqlite from 'better-sqlite3'
import fc from 'fast-check'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { IngestBatch, WorkDone } from './model'
import { openStore, type Store } from './open'
import { enrolOne, group, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const [quarterMs, hourMs] = [15 * 60_000, 3_600_000]
/** the start of an hour */
const t0 = 497_222 * hourMs
const all = { fromMs: 0, toMs: t0 + 1000 * hourMs }

let file: string
let store: Store
let streams = 0

beforeEach(async () => {
  file = newFile(folder)
  store = await openStore(file, { ingests: true })
})
afterEach(() => store.close())

type Done = { device: number; atMs: number; work?: Work }

/** Every sample in a stream of its own: any order is allowed. */
const batches = (samples: Done[]): IngestBatch[] =>
  samples.map(({ device, ...sample }) => ({
    device,
    stream: `stream${++streams}`,
    receivedMs: t0 + 4 * hourMs,
    samples: [{ seq: 1, figures: { requestsWaiting: 0 }, ...sample }],
  }))
const tell = (samples: Done[]) => store.commit(group({ batches: batches(samples) }))
async function rollUpAll(most?: number) {
  while ((await store.rollUp(most)) > 0);
}
const done = (work: Work): WorkDone =>
  ({ ...Object.fromEntries(workNames.map((name) => [name, 0])), ...work }) as WorkDone
const sumOf = (samples: Done[]) =>
  done(
    Object.fromEntries(
      workNames.map((name) => [name, samples.reduce((sum, { work }) => sum + (work?.[name] ?? 0), 0)]),
    ),
  )
const rowsIn = (table: 'Work' | 'WorkDone') => {
  const db = new Sqlite(file, { readonly: true })
  const { rows } = db.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { rows: number }
  db.close()
  return rows
}

/** Quarters: sums of them are exact in any order. */
const work = fc.record(
  Object.fromEntries(workNames.map((name) => [name, fc.integer({ min: 0, max: 4000 }).map((n) => n / 4)])) as Record<
    keyof Work,
    fc.Arbitrary<number>
  >,
  { requiredKeys: [] },
)
const sample: fc.Arbitrary<Done> = fc.record(
  {
    device: fc.integer({ min: 1, max: 3 }),
    atMs: fc.integer({ min: 0, max: 2 * hourMs }).map((ms) => t0 + ms),
    work,
  },
  { requiredKeys: ['device', 'atMs'] },
)

test('in whatever order and pieces it arrives, work is in its quarter hour once, of its device and of the fleet', async () => {
  const ids: string[] = []
  await store.setHubInfo(hub)
  for (let i = 1; i <= 3; i++) ids.push(await enrolOne(store, `device-${i}`))
  const told: Done[] = []
  await fc.assert(
    fc.asyncProperty(
      fc.array(sample, { maxLength: 12 }),
      fc.integer({ min: 1, max: 9 }),
      fc.boolean(),
      async (samples, most, reopens) => {
        await tell(samples)
        told.push(...samples)
        await store.rollUp(most)
        if (reopens) {
          await store.close()
          store = await openStore(file, { ingests: true })
        }
        await rollUpAll(most)
        expect(await store.workDone(all)).toEqual(sumOf(told))
        for (let fromMs = t0; fromMs < t0 + 2 * hourMs; fromMs += quarterMs) {
          const within = told.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + quarterMs)
          const span = { fromMs, toMs: fromMs + quarterMs }
          expect(await store.workDone(span)).toEqual(sumOf(within))
          for (const [i, id] of ids.entries())
            expect(await store.workOf(id, span)).toEqual(sumOf(within.filter(({ device }) => device === i + 1)))
        }
        expect(rowsIn('Work')).toBe(0)
      },
    ),
    { numRuns: 20 },
  )
}, 60_000)

describe('work is counted once', () => {
  const batch = (from: number, to: number): IngestBatch => ({
    device: 1,
    stream: 'abcdefgh',
    receivedMs: t0 + 1,
    samples: Array.from({ length: to - from + 1 }, (_, i) => ({
      seq: from + i,
      atMs: t0,
      figures: {},
      work: { requests: 1, audioSeconds: 2.5 },
    })),
  })

  test('when a batch is sent again, before it is rolled up and after, in the same group or after a restart', async () => {
    await store.commit(group({ batches: [batch(1, 3), batch(1, 3)] }))
    await store.commit(group({ batches: [batch(1, 3)] }))
    await rollUpAll()
    await store.commit(group({ batches: [batch(2, 4)] }))
    await store.close()
    store = await openStore(file, { ingests: true })
    await store.commit(group({ batches: [batch(1, 5)] }))
    await rollUpAll()
    expect(await store.workDone(all)).toEqual(done({ requests: 5, audioSeconds: 12.5 }))
  })

  test('when the power goes in the middle of rolling up', async () => {
    await store.commit(group({ batches: [batch(1, 5)] }))
    const other = new Sqlite(file)
    other.exec(`CREATE TRIGGER cut BEFORE INSERT ON Setting WHEN NEW.key = 'rolled-through'
      BEGIN SELECT raise(ABORT, 'the power went'); END`)
    await expect(store.rollUp()).rejects.toThrow()
    expect([rowsIn('Work'), rowsIn('WorkDone')]).toEqual([5, 0])
    other.exec('DROP TRIGGER cut')
    other.close()
    await rollUpAll()
    expect(await store.workDone(all)).toEqual(done({ requests: 5, audioSeconds: 12.5 }))
  })
})

test('a device that does nothing costs no row', async () => {
  await tell([
    { device: 1, atMs: t0 },
    { device: 2, atMs: t0 },
  ])
  expect(rowsIn('Work')).toBe(0)
  await rollUpAll()
  expect(rowsIn('WorkDone')).toBe(0)
  expect(await store.workKnownSince()).toBeNull()
  expect(await store.workDone(all)).toEqual(done({}))
})

test('a span has the quarter hours that begin in it', async () => {
  const at = [0, quarterMs, 2 * quarterMs].map((ms) => t0 + ms)
  await tell(at.map((atMs, i) => ({ device: 1, atMs: atMs + 5, work: { requests: 10 ** i } })))
  await rollUpAll()
  const requests = async (fromMs: number, toMs: number) => (await store.workDone({ fromMs, toMs })).requests
  expect(await requests(t0, t0 + 1)).toBe(1)
  expect(await requests(t0 + 1, t0 + quarterMs)).toBe(0)
  expect(await requests(t0 + 1, t0 + quarterMs + 1)).toBe(10)
  expect(await requests(t0 - 1, t0 + 3 * quarterMs)).toBe(111)
  expect(await requests(t0 + quarterMs, t0 + quarterMs)).toBe(0)
  expect(await requests(t0 + 3 * quarterMs, t0 + 9 * quarterMs)).toBe(0)
  expect(await store.workKnownSince()).toBe(t0)
})

test('of a device that does not exist nothing is known', async () => {
  expect(await store.workOf('nobody', all)).toBeNull()
})

test('old work goes in pieces, the oldest first', async () => {
  await tell(Array.from({ length: 6 }, (_, i) => ({ device: 1, atMs: t0 + i * quarterMs, work: { requests: 1 } })))
  await rollUpAll()
  const old = t0 + 3 * quarterMs // of each quarter hour two rows: the device, and the fleet
  expect([await store.dropWork(old, 4), await store.dropWork(old, 4), await store.dropWork(old, 4)]).toEqual([4, 2, 0])
  expect(await store.workKnownSince()).toBe(old)
  expect((await store.workDone(all)).requests).toBe(3)
})

test('sums beyond 32 bits are whole', async () => {
  const promptTokens = 900_000_000
  await tell(Array.from({ length: 12 }, (_, i) => ({ device: 1, atMs: t0 + i, work: { promptTokens } })))
  await rollUpAll()
  expect((await store.workDone(all)).promptTokens).toBe(12 * promptTokens)
})

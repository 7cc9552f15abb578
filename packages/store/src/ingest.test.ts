import type { CapabilityReport } from '@tradewind/protocol'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from './database'
import { hubEvent, ingest } from './ingest'
import { Marks } from './marks'
import type { IngestBatch } from './model'
import { openStore, type Store } from './open'
import { enrolOne, group, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const opened: { close: () => Promise<unknown> }[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
})

const t0 = 1_790_000_000_000
const stream = 'abcdefgh'

function batch(from: number, to: number, more: Partial<IngestBatch> = {}): IngestBatch {
  const samples = Array.from({ length: to - from + 1 }, (_, i) => ({
    seq: from + i,
    atMs: t0 + (from + i) * 1000,
    figures: { cpuBusy: 0.5, memAvailableBytes: 8_448_409_600 },
  }))
  return { device: 1, stream, receivedMs: t0 + to * 1000, samples, ...more }
}

async function ingesting(file: string): Promise<Store> {
  const store = await openStore(file, { ingests: true })
  opened.push(store)
  return store
}

async function looking(file: string): Promise<Database> {
  const db = await openDatabase(file)
  opened.push({ close: () => db.$disconnect() })
  return db
}

const seqs = async (db: Database, of: { device?: number; stream?: string } = {}) =>
  (await db.sample.findMany({ where: of, orderBy: { id: 'asc' } })).map(({ seq }) => seq)

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

describe('samples are stored exactly once', () => {
  test('a batch that is sent again', async () => {
    const file = newFile(folder)
    const store = await ingesting(file)
    expect(await store.commit(group({ batches: [batch(1, 3)] }))).toEqual({ stored: 3, duplicates: 0 })
    expect(await store.commit(group({ batches: [batch(1, 3)] }))).toEqual({ stored: 0, duplicates: 3 })
    expect(await store.commit(group({ batches: [batch(2, 5)] }))).toEqual({ stored: 2, duplicates: 2 })
    expect(await seqs(await looking(file))).toEqual(upTo(5))
  })

  test('a batch that is twice in one group', async () => {
    const file = newFile(folder)
    const store = await ingesting(file)
    const batches = [batch(1, 3), batch(1, 3), batch(3, 4)]
    expect(await store.commit(group({ batches }))).toEqual({ stored: 4, duplicates: 4 })
    expect(await seqs(await looking(file))).toEqual(upTo(4))
  })

  test('streams and devices count on their own', async () => {
    const file = newFile(folder)
    const store = await ingesting(file)
    const batches = [batch(1, 2), batch(1, 2, { stream: 'another1' }), batch(1, 2, { device: 2 })]
    expect(await store.commit(group({ batches }))).toEqual({ stored: 6, duplicates: 0 })
    const db = await looking(file)
    expect(await seqs(db, { device: 1, stream: 'another1' })).toEqual([1, 2])
    expect(await seqs(db, { device: 2 })).toEqual([1, 2])
  })

  test('an empty group stores nothing', async () => {
    expect(await (await ingesting(newFile(folder))).commit(group({}))).toEqual({ stored: 0, duplicates: 0 })
  })

  test.each<[string, (store: Store) => Promise<unknown>]>([
    ['the marks were never flushed', async () => {}],
    ['the marks were flushed', (store) => store.flushMarks()],
    [
      'more came after the flush',
      async (store) => {
        await store.flushMarks()
        await store.commit(group({ batches: [batch(4, 6), batch(1, 2, { stream: 'another1' })] }))
      },
    ],
    [
      'old samples were dropped after the flush',
      async (store) => {
        await store.flushMarks()
        await store.rollUp()
        expect(await store.dropSamples(t0 + 1_000_000)).toBe(3)
      },
    ],
  ])('the hub starts again and %s', async (_, between) => {
    const file = newFile(folder)
    const first = await ingesting(file)
    await first.commit(group({ batches: [batch(1, 3)] }))
    await between(first)
    const before = await seqs(await looking(file), { stream })
    const second = await ingesting(file)
    const { stored } = await second.commit(group({ batches: [batch(1, 8), batch(1, 2, { stream: 'another1' })] }))
    const highest = Math.max(3, ...before)
    expect(await seqs(await looking(file), { stream })).toEqual([...before, ...upTo(8).slice(highest)])
    expect(await seqs(await looking(file), { stream: 'another1' })).toEqual([1, 2])
    expect(stored).toBe(8 - highest + (highest === 6 ? 0 : 2))
  })

  test('a flush during a commit forgets nothing', async () => {
    const file = newFile(folder)
    const store = await ingesting(file)
    for (let i = 0; i < 10; i++)
      await Promise.all([store.commit(group({ batches: [batch(i * 3 + 1, i * 3 + 3)] })), store.flushMarks()])
    await store.flushMarks()
    await store.rollUp()
    expect(await store.dropSamples(t0 + 1_000_000)).toBe(30)
    const again = await ingesting(file)
    expect(await again.commit(group({ batches: [batch(1, 30)] }))).toEqual({ stored: 0, duplicates: 30 })
  })

  test('numbers of receipt rise, even when the hub’s clock is set back', async () => {
    const file = newFile(folder)
    const store = await ingesting(file)
    await store.commit(group({ batches: [batch(1, 2)] }))
    await store.commit(group({ batches: [batch(3, 4, { receivedMs: t0 - 9_000_000 })] }))
    const again = await ingesting(file)
    await again.commit(group({ batches: [batch(5, 6, { receivedMs: t0 - 9_000_000 })] }))
    expect(await seqs(await looking(file))).toEqual(upTo(6))
  })

  test('of many streams of one device, the latest are remembered', async () => {
    const file = newFile(folder)
    const store = await ingesting(file)
    const streams = upTo(Marks.streamsKept + 2).map((i) => `stream${String(i).padStart(2, '0')}`)
    for (const stream of streams) await store.commit(group({ batches: [batch(1, 1, { stream })] }))
    await store.flushMarks()
    expect(await (await looking(file)).mark.count()).toBe(Marks.streamsKept)
    const again = await ingesting(file)
    const latest = streams.slice(-Marks.streamsKept).map((stream) => batch(1, 1, { stream }))
    expect(await again.commit(group({ batches: latest }))).toEqual({ stored: 0, duplicates: Marks.streamsKept })
  })
})

describe('a commit that fails', () => {
  async function almostFull() {
    const file = newFile(folder)
    await (await openStore(file)).close()
    const db = await looking(file)
    const [{ page_count: pages } = { page_count: 0n }] =
      await db.$queryRawUnsafe<{ page_count: bigint }[]>('PRAGMA page_count')
    const limit = (more: number) => db.$queryRawUnsafe(`PRAGMA max_page_count = ${Number(pages) + more}`)
    await limit(2)
    const marks = new Marks()
    await marks.load(db)
    return { db, marks, ...ingest(db, marks), makeRoom: () => limit(100_000) }
  }

  test('because the database is full stores nothing, and stores everything when tried again', async () => {
    const { db, marks, commit, makeRoom } = await almostFull()
    const large = group({
      batches: [batch(1, 500)],
      events: [hubEvent(null, 'disk-low', t0)],
    })
    await expect(commit(large)).rejects.toThrow(/full/)
    expect(await db.sample.count()).toBe(0)
    expect(await db.event.count()).toBe(0)
    expect(marks.seqOf(1, stream)).toBe(0)
    await makeRoom()
    expect(await commit(large)).toEqual({ stored: 500, duplicates: 0 })
    expect(await seqs(db)).toEqual(upTo(500))
    expect(await db.event.count()).toBe(1)
  })

  test('in its last part undoes the first', async () => {
    const file = newFile(folder)
    const store = await ingesting(file)
    const reported = { at: 1, revisionSeen: 0, revisionApplied: 0, failure: null }
    const bad = group({
      batches: [batch(1, 3)],
      reported: [{ deviceId: 'nobody', receivedMs: t0, reported }],
    })
    await expect(store.commit(bad)).rejects.toThrow(/foreign key/i)
    expect(await seqs(await looking(file))).toEqual([])
    expect(await store.commit(group({ batches: bad.batches }))).toEqual({ stored: 3, duplicates: 0 })
  })

  test('of the marks is made good by the next flush', async () => {
    const { db, marks, commit, flushMarks, makeRoom } = await almostFull()
    await makeRoom()
    const batches = upTo(400).map((device) => batch(1, 1, { device }))
    await commit(group({ batches }))
    const [{ page_count: pages } = { page_count: 0n }] =
      await db.$queryRawUnsafe<{ page_count: bigint }[]>('PRAGMA page_count')
    await db.$queryRawUnsafe(`PRAGMA max_page_count = ${pages}`)
    await expect(flushMarks()).rejects.toThrow(/full/)
    await makeRoom()
    await flushMarks()
    expect(await db.mark.count()).toBe(400)
    expect(marks.lastId).toBeGreaterThan(0)
  })
})

describe('what is retained arrives again with every connection, and is stored once', () => {
  async function withDevice() {
    const file = newFile(folder)
    const store = await ingesting(file)
    await store.setHubInfo(hub)
    const claims = { name: 'till-7', agentVersion: '1', hints: {} }
    await store.enrol({ publicKey: 'k', thumbprint: 'aaaaaaaaaaaaaaaaaaaa', claims, address: '' })
    const [parked] = await store.listParked()
    const deviceId = (await store.approveParked(parked?.fingerprint ?? '', 'up')) as string
    return { store, deviceId, db: await looking(file) }
  }
  const report = (at: number): CapabilityReport => ({
    at,
    agentVersion: '1',
    deviceClass: 'v1:0123456789abcdef',
    facts: { memory: { totalBytes: 8_448_409_600 } },
    unreadable: [],
  })

  test('reports', async () => {
    const { store, deviceId, db } = await withDevice()
    const say = (at: number) => store.commit(group({ reports: [{ deviceId, report: report(at), receivedMs: t0 }] }))
    await say(t0)
    await say(t0)
    expect(await db.report.count()).toBe(1)
    for (let i = 1; i <= 60; i++) await say(t0 + i)
    expect(await db.report.count()).toBe(50)
    expect((await store.device(deviceId))?.report?.atMs).toBe(t0 + 60)
    await say(t0 + 30)
    expect((await store.device(deviceId))?.report?.atMs).toBe(t0 + 30)
    expect(await db.report.count()).toBe(50)
  })

  test('reports of several devices in one group, of each device the one that came last', async () => {
    const { db, store, deviceId } = await withDevice()
    const another = await enrolOne(store, 'till-8')
    const say = (...said: [deviceId: string, at: number][]) =>
      store.commit(group({ reports: said.map(([id, at]) => ({ deviceId: id, report: report(at), receivedMs: t0 })) }))
    const latest = async () => [
      (await store.device(deviceId))?.report?.atMs,
      (await store.device(another))?.report?.atMs,
    ]
    await say([deviceId, 1], [another, 2], [deviceId, 3])
    expect(await latest()).toEqual([3, 2])
    await say([deviceId, 1], [another, 2]) // known already, and the latest again
    expect(await latest()).toEqual([1, 2])
    expect(await db.report.count()).toBe(3)
    await say(...upTo(60).map((at): [string, number] => [another, t0 + at]))
    expect(await latest()).toEqual([1, t0 + 60])
    expect(await db.report.count()).toBe(2 + 50)
  })

  test('presence, of which the last in a group counts', async () => {
    const { store, deviceId, db } = await withDevice()
    const online = { deviceId, state: 'online' as const, start: 1, session: 1, sinceMs: t0 }
    const lost = { ...online, state: 'lost' as const, sinceMs: t0 + 5 }
    await store.commit(group({ presences: [online] }))
    await store.commit(group({ presences: [online, lost] }))
    await store.commit(group({ presences: [lost] }))
    expect(await db.presence.count()).toBe(1)
    expect(await store.listDevices()).toMatchObject([{ presence: { state: 'lost', sinceMs: t0 + 5 } }])
  })

  test('what was reported as applied', async () => {
    const { store, deviceId, db } = await withDevice()
    const reported = { at: t0, revisionSeen: 4, revisionApplied: 3, failure: { code: 'no-space', detail: '' } }
    for (let i = 0; i < 3; i++) await store.commit(group({ reported: [{ deviceId, reported, receivedMs: t0 + i }] }))
    expect(await db.sync.findMany()).toMatchObject([
      {
        revisionSeen: 4,
        revisionApplied: 3,
        failureCode: 'no-space',
        assignedRevision: 0,
        reportedAt: new Date(t0 + 2),
      },
    ])
  })

  test('events', async () => {
    const { store, deviceId } = await withDevice()
    const event = hubEvent(deviceId, 'device-lost', t0, { graceMs: 5000, by: 'hub', sure: true })
    await store.commit(group({ events: [event, event] }))
    await store.commit(group({ events: [event] }))
    const { receivedMs: _, ...row } = event
    expect(await store.listEvents(deviceId)).toEqual([{ ...row, deviceName: 'till-7' }])
    expect(await store.listEvents(null)).toHaveLength(1)
    expect(await store.dropEvents(t0)).toBe(0)
    expect(await store.dropEvents(t0 + 1)).toBe(1)
  })
})

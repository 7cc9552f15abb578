import { syncOf } from '@tradewind/fleet'
import type { CapabilityReport } from '@tradewind/protocol'
import Sqlite from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DeviceQuery } from './device-pages'
import { deviceOrders, type IngestGroup } from './model'
import { openStore, type Store } from './open'
import { enrolOne, group, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const hourMs = 3_600_000
/** the start of a day */
const t0 = 20_718 * 24 * hourMs
let file: string
let store: Store

beforeEach(async () => {
  file = newFile(folder)
  store = await openStore(file, { ingests: true })
  await store.setHubInfo(hub)
})
afterEach(() => store.close())

const enrol = (name: string) => enrolOne(store, name)

const report = (facts: CapabilityReport['facts'] = {}): CapabilityReport => ({
  at: t0,
  agentVersion: '0.1.0',
  deviceClass: 'v1:0123456789abcdef',
  facts,
  unreadable: [],
})
const commit = (part: Partial<IngestGroup>) => store.commit(group(part))
const reports = (deviceId: string, facts?: CapabilityReport['facts']) =>
  commit({ reports: [{ deviceId, report: report(facts), receivedMs: t0 }] })
const become = (deviceId: string, state: 'online' | 'lost' | 'disconnected' | 'sleeping') =>
  commit({ presences: [{ deviceId, state, start: 1, session: 1, sinceMs: t0 }] })

const everything: DeviceQuery = {
  text: '',
  presence: null,
  sync: null,
  revoked: 'without',
  order: { by: 'name', descending: false },
  offset: 0,
  limit: 100,
}
const page = (some: Partial<DeviceQuery> = {}) => store.pageOfDevices({ ...everything, ...some })
const names = async (some: Partial<DeviceQuery> = {}) => (await page(some)).devices.map(({ name }) => name)

const pi5 = {
  cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: [] },
  board: { model: 'Raspberry Pi 5' },
  memory: { totalBytes: 8e9 },
  os: { platform: 'linux' as const, name: 'Debian GNU/Linux', version: '12', kernel: '6.12' },
}

describe('a fleet of five', () => {
  let ids: Record<'good' | 'away' | 'gone' | 'new' | 'old', string>

  beforeEach(async () => {
    ids = {
      good: await enrol('a good one'),
      away: await enrol('b away'),
      gone: await enrol('c 100%_gone'),
      new: await enrol('d new'),
      old: await enrol('e old'),
    }
    await reports(ids.good, pi5)
    await reports(ids.away, { ...pi5, board: { model: 'Board 7' }, memory: { totalBytes: 4e9 } })
    await become(ids.good, 'online')
    await become(ids.away, 'disconnected')
    await become(ids.gone, 'lost')
    await store.revokeDevice(ids.old, 'up')
  })

  test('comes as rows like those of the whole list, without the revoked', async () => {
    const { devices, total } = await page()
    const listed = await store.listDevices()
    const more = { labels: {}, serving: null, problems: [], latest: null }
    expect(devices).toEqual(listed.filter(({ id }) => id !== ids.old).map((row) => ({ ...row, ...more })))
    expect((await store.fleetRows()).map(({ name }) => name)).toEqual(listed.map(({ name }) => name))
    expect(await store.fleetRows([ids.old, 'nobody', ids.good])).toMatchObject([{ id: ids.old }, { id: ids.good }])
    expect(total).toBe(4)
    expect(await names({ revoked: 'only' })).toEqual(['e old'])
    expect(await names({ revoked: 'with' })).toHaveLength(5)
  })

  test('in pages that together are the whole, each with the whole count', async () => {
    expect(await names({ limit: 3 })).toEqual(['a good one', 'b away', 'c 100%_gone'])
    expect(await page({ limit: 3, offset: 3 })).toMatchObject({ devices: [{ name: 'd new' }], total: 4 })
    expect(await page({ limit: 3, offset: 6 })).toMatchObject({ devices: [], total: 4 })
  })

  test('who needs a person most comes first', async () => {
    const order = { by: 'attention', descending: false } as const
    expect(await names({ order })).toEqual(['c 100%_gone', 'b away', 'd new', 'a good one'])
  })

  test('can be put in every order, what is unknown last either way', async () => {
    for (const by of deviceOrders)
      for (const descending of [true, false]) expect(await names({ order: { by, descending } })).toHaveLength(4)
    expect(await names({ order: { by: 'memory', descending: true } })).toEqual([
      'a good one',
      'b away',
      'c 100%_gone',
      'd new',
    ])
    expect((await names({ order: { by: 'memory', descending: false } })).slice(0, 2)).toEqual(['b away', 'a good one'])
  })

  test.each<[string, string[]]>([
    ['good', ['a good one']],
    [' RASPBERRY  12 debian', ['a good one']],
    ['board cortex-a76', ['b away']],
    ['board raspberry', []],
    ['100%_', ['c 100%_gone']],
    ['%', ['c 100%_gone']],
    ["' OR 1=1", []],
    ['old', []],
  ])('the words "%s" find %j', async (text, found) => {
    expect(await names({ text })).toEqual(found)
  })

  test('can be chosen by labels, class, what is served and what is wrong', async () => {
    await store.setLabels(ids.good, { site: 'lyon', line: '1' }, 'up')
    await store.setLabels(ids.new, { site: 'lyon' }, 'up')
    const serving = { build: 'e2b-q8_0', label: 'Gemma 4 E2B', demo: false, state: 'ready', since: t0 } as const
    const reported = {
      at: t0,
      failure: null,
      revisionSeen: 0,
      revisionApplied: 0,
      serving: { ...serving, engine: null, failure: null },
    }
    await commit({ reported: [{ deviceId: ids.away, reported, receivedMs: t0 }] })
    const hot = { deviceId: ids.gone, code: 'hot', about: null, severity: 'warning', sinceMs: t0, numbers: {} } as const
    await store.keepProblems({ nowMs: t0, begun: [hot, { ...hot, about: 'gpu' }], changed: [], ended: [] })

    expect(await names({ labels: { site: 'lyon' } })).toEqual(['a good one', 'd new'])
    expect(await names({ labels: { site: 'lyon', line: '1' } })).toEqual(['a good one'])
    expect(await names({ deviceClass: 'v1:0123456789abcdef' })).toEqual(['a good one', 'b away'])
    expect(await names({ builds: ['e2b-q8_0', 'e4b-q4_0'] })).toEqual(['b away'])
    expect(await names({ builds: [] })).toEqual([])
    expect(await names({ problem: 'hot', presence: 'lost', text: 'gone' })).toEqual(['c 100%_gone'])
    expect(await store.idsOfDevices({ ...everything, labels: { site: 'lyon' } })).toEqual([ids.good, ids.new])
    expect((await page()).devices).toMatchObject([
      { labels: { site: 'lyon', line: '1' }, serving: null, problems: [] },
      { labels: {}, serving: { build: 'e2b-q8_0', state: 'ready', demo: false } },
      { problems: ['hot'] },
      { labels: { site: 'lyon' } },
    ])
  })

  test('keep up with a report that replaces another', async () => {
    await page()
    await reports(ids.good, { ...pi5, board: { model: 'Board 9' } })
    expect((await store.fleetRows([ids.good]))[0]).toMatchObject({ board: 'Board 9', os: 'Debian GNU/Linux 12' })
  })

  test('counts each presence and each sync, as they would be with all else as asked', async () => {
    const all = {
      byPresence: { online: 1, disconnected: 1, lost: 1, unseen: 1 },
      bySync: { registered: 2, unknown: 2 },
    }
    expect(await page()).toMatchObject({ total: 4, ...all })
    const lost = await page({ presence: 'lost' })
    expect(lost).toMatchObject({ total: 1, byPresence: all.byPresence })
    expect(lost.bySync).toEqual({ unknown: 1 })
    const registered = await page({ sync: 'registered' })
    expect(registered).toMatchObject({ total: 2, bySync: all.bySync })
    expect(registered.byPresence).toEqual({ online: 1, disconnected: 1 })
    expect(await page({ presence: 'unseen', sync: 'registered' })).toMatchObject({ total: 0, devices: [] })
  })

  test('names those that there are', async () => {
    expect([...(await store.namesOf([ids.new, ids.old, 'nobody']))].sort()).toEqual(
      [
        [ids.new, 'd new'],
        [ids.old, 'e old'],
      ].sort(),
    )
  })
})

test('SQL and the fleet agree about every sync', async () => {
  const id = await enrol('till-7')
  const sql = new Sqlite(file)
  for (const hasReport of [false, true]) {
    if (hasReport) await reports(id)
    for (const assignedRevision of [0, 1, 2])
      for (const appliedRevision of [0, 1, 2, 3])
        for (const seenRevision of [0, 1, 2])
          for (const failureCode of [null, 'no-space']) {
            sql
              .prepare(
                `REPLACE INTO Sync (deviceId, assignedRevision, revisionSeen, revisionApplied, failureCode, reportedAt)
                 VALUES (?, ?, ?, ?, ?, 0)`,
              )
              .run(id, assignedRevision, seenRevision, appliedRevision, failureCode)
            const sync = syncOf({ hasReport, assignedRevision, seenRevision, appliedRevision, failureCode })
            expect(await page()).toMatchObject({ devices: [{ sync }], bySync: { [sync]: 1 } })
            expect(await page({ sync })).toMatchObject({ total: 1 })
          }
  }
  sql.close()
})

describe('the newest figures', () => {
  const sample = (device: number, atMs: number, cpuBusy: number) =>
    commit({
      batches: [{ device, stream: `s${atMs}`, receivedMs: atMs, samples: [{ seq: 1, atMs, figures: { cpuBusy } }] }],
    })
  const latest = async () => (await page()).devices.map((device) => device.latest)

  test('come from the end of the log, and from the rollups once they are there', async () => {
    await enrol('a')
    await enrol('b')
    await sample(1, t0 + 1000, 0.25)
    await sample(2, t0 + 2000, 0.5)
    await sample(1, t0 + 500, 0.9) // late
    const wanted = [
      { atMs: t0 + 1000, cpuBusy: 0.25, temperatureC: null },
      { atMs: t0 + 2000, cpuBusy: 0.5, temperatureC: null },
    ]
    expect(await latest()).toEqual(wanted)
    await store.rollUp()
    expect(await latest()).toEqual(wanted)
    await sample(1, t0 + 3000, 0.75)
    expect((await latest())[0]).toMatchObject({ atMs: t0 + 3000, cpuBusy: 0.75 })
    expect(await names({ order: { by: 'cpu', descending: true } })).toEqual(['a', 'b'])
    expect(await names({ order: { by: 'sample', descending: false } })).toEqual(['b', 'a'])
  })

  test('are forgotten when they are neither of the newest hour nor of the one before', async () => {
    await enrol('a')
    await enrol('b')
    await sample(1, t0, 0.25)
    await sample(2, t0 + hourMs, 0.5)
    await store.rollUp()
    expect((await latest())[0]).toMatchObject({ cpuBusy: 0.25 })
    await sample(2, t0 + 2 * hourMs, 0.5)
    await store.rollUp()
    expect((await latest())[0]).toBeNull()
  })
})

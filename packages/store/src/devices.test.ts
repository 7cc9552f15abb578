import type { CapabilityReport } from '@tradewind/protocol'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from './open'
import { enrolOne, group, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
let store: Store

beforeEach(async () => {
  store = await openStore(newFile(folder))
  await store.setHubInfo(hub)
})
afterEach(() => store.close())

const enrol = (name: string, publicKey?: string) => enrolOne(store, name, publicKey)

const report: CapabilityReport = {
  at: 1_790_000_000_000,
  agentVersion: '0.1.0',
  deviceClass: 'v1:0123456789abcdef',
  facts: {
    cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: ['asimddp'] },
    memory: { totalBytes: 8_448_409_600 },
    os: { platform: 'linux', name: 'Debian GNU/Linux', version: '12', kernel: '6.12' },
    board: { model: 'Raspberry Pi 5' },
  },
  unreadable: [{ fact: 'thermal', code: 'permission-denied', detail: '/sys/class/thermal' }],
}
const receivedMs = 1_790_000_000_500

test('of a device that never reported, everything is unknown and nothing is zero', async () => {
  const id = await enrol('till-7')
  const row = {
    id,
    num: 1,
    name: 'till-7',
    presence: null,
    sync: 'unknown',
    deviceClass: null,
    board: null,
    cpu: null,
    cores: null,
    memoryBytes: null,
    os: null,
    agentVersion: null,
    enrolledMs: expect.any(Number),
    revokedMs: null,
  }
  expect(await store.listDevices()).toEqual([row])
  expect(await store.device(id)).toEqual({
    ...row,
    report: null,
    assignment: null,
    failure: null,
    serving: null,
    seeking: null,
    smoke: null,
    labels: {},
    measured: [],
    start: null,
    keys: [
      {
        fingerprint: expect.stringMatching(/^([0-9a-f]{4}-){4}[0-9a-f]{4}$/),
        createdMs: expect.any(Number),
        replacedMs: null,
      },
    ],
  })
  expect(await store.device('nobody')).toBeNull()
})

test('a device that reported is shown with its facts, its presence and its sync', async () => {
  const id = await enrol('till-7')
  const before = Date.now() - 60_000
  await store.commit(
    group({
      presences: [{ deviceId: id, state: 'online', start: 3, session: 2, sinceMs: 1_790_000_000_001 }],
      reports: [{ deviceId: id, report, receivedMs }],
      reported: [{ deviceId: id, receivedMs, reported: { at: 1, revisionSeen: 0, revisionApplied: 0, failure: null } }],
    }),
  )
  const [row] = await store.listDevices()
  expect(row).toEqual({
    id,
    num: 1,
    name: 'till-7',
    presence: { state: 'online', sinceMs: 1_790_000_000_001 },
    sync: 'registered',
    deviceClass: 'v1:0123456789abcdef',
    board: 'Raspberry Pi 5',
    cpu: 'Cortex-A76',
    cores: 4,
    memoryBytes: 8_448_409_600,
    os: 'Debian GNU/Linux 12',
    agentVersion: '0.1.0',
    enrolledMs: expect.any(Number),
    revokedMs: null,
  })
  expect(row?.enrolledMs).toBeGreaterThan(before)
  const detail = await store.device(id)
  expect(detail).toMatchObject({
    ...row,
    report: { atMs: report.at, facts: report.facts, unreadable: report.unreadable },
    assignment: { assignedRevision: 0, revisionSeen: 0, revisionApplied: 0 },
    failure: null,
    start: 3,
  })
  expect(() => JSON.stringify(detail)).not.toThrow()
})

test('facts that one report lacks are unknown while the others are shown', async () => {
  const [id, other] = [await enrol('a'), await enrol('b')]
  const poor = { ...report, facts: { os: { platform: 'linux' as const, name: 'Alpine', kernel: '6.1' } } }
  await store.commit(
    group({
      reports: [
        { deviceId: id, report: poor, receivedMs },
        { deviceId: other, report, receivedMs },
      ],
    }),
  )
  expect(await store.listDevices()).toMatchObject([
    { id, os: 'Alpine', board: null, cpu: null, cores: null, memoryBytes: null, sync: 'registered', presence: null },
    { id: other, board: 'Raspberry Pi 5', cores: 4, memoryBytes: 8_448_409_600 },
  ])
})

test('a failure is shown until the device reports none', async () => {
  const id = await enrol('till-7')
  const failure = { code: 'no-space', detail: '3 of 5 GB' }
  const report = (failure: { code: string; detail: string } | null) =>
    store.commit(
      group({
        reported: [{ deviceId: id, receivedMs, reported: { at: 1, revisionSeen: 4, revisionApplied: 3, failure } }],
      }),
    )
  await report(failure)
  expect(await store.device(id)).toMatchObject({ failure, assignment: { revisionSeen: 4, revisionApplied: 3 } })
  await report(null)
  expect(await store.device(id)).toMatchObject({ failure: null })
})

test('the list is in the order of names', async () => {
  for (const name of ['mast', 'anchor', 'sail']) await enrol(name)
  expect((await store.listDevices()).map(({ name }) => name)).toEqual(['anchor', 'mast', 'sail'])
})

test('renaming and revoking say whether there was something to do, and are in the audit', async () => {
  const id = await enrol('till-7')
  expect(await store.renameDevice(id, 'Front till', 'user:ann')).toBe(true)
  expect(await store.renameDevice('nobody', 'x', 'user:ann')).toBe(false)
  expect(await store.revokeDevice(id, 'api:ops')).toBe(true)
  expect(await store.revokeDevice(id, 'api:ops')).toBe(false)
  expect(await store.revokeDevice('nobody', 'api:ops')).toBe(false)
  expect(await store.listDevices()).toMatchObject([{ name: 'Front till', revokedMs: expect.any(Number) }])
  const trail = await store.listAudit()
  expect(trail.filter(({ target }) => target === id)).toHaveLength(3)
  expect(trail).toContainEqual(
    expect.objectContaining({
      actor: 'user:ann',
      action: 'device-renamed',
      target: id,
      detail: { before: expect.any(String), after: 'Front till' },
    }),
  )
  expect(trail).toContainEqual(expect.objectContaining({ actor: 'api:ops', action: 'device-revoked', target: id }))
  expect(trail.every(({ atMs }) => Math.abs(Date.now() - atMs) < 60_000)).toBe(true)
})

test('the roster has what the broker needs, of revoked devices too', async () => {
  const [id, gone] = [await enrol('a'), await enrol('b')]
  await store.revokeDevice(gone, 'up')
  const presence = { state: 'lost' as const, start: 7, session: 4, sinceMs: 1_790_000_000_001 }
  await store.commit(group({ presences: [{ deviceId: id, ...presence }] }))
  const roster = await store.roster()
  expect(roster.sort((a, b) => a.num - b.num)).toEqual([
    { deviceId: id, num: 1, name: 'a', publicKey: 'key of a', revoked: false, assignedRevision: 0, presence },
    { deviceId: gone, num: 2, name: 'b', publicKey: 'key of b', revoked: true, assignedRevision: 0, presence: null },
  ])
})

test('what the hub says of itself is kept, the latest word only', async () => {
  expect(await store.hubInfo()).toEqual(hub)
  await store.setHubInfo({ ...hub, mqttPort: 9999 })
  expect(await store.hubInfo()).toEqual({ ...hub, mqttPort: 9999 })
})

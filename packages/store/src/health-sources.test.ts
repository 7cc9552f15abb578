import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from './open'
import { enrolOne, group, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const deviceClass = 'v1:0123456789abcdef'
let store: Store
let id: string

beforeEach(async () => {
  store = await openStore(newFile(folder))
  await store.setHubInfo(hub)
  id = await enrolOne(store)
})
afterEach(() => store.close())

const measured = (generationPerSecond: number, at: number) =>
  store.commit(
    group({
      measured: [
        {
          deviceId: id,
          measured: {
            builds: [
              {
                ...{ build: 'e2b', at, deviceClass, generationPerSecond },
                engine: { name: 'llama-server', version: '1', commit: null },
              },
            ],
          },
        },
      ],
    }),
  )

test('of a device that has said nothing nothing is known', async () => {
  expect(await store.healthSources([id, 'nobody'])).toEqual([
    {
      deviceId: id,
      report: null,
      assignment: {
        ...{ hasReport: false, assignedRevision: 0, seenRevision: 0, appliedRevision: 0 },
        ...{ failureCode: null, assignedMs: 0 },
      },
      speed: null,
      events: [],
    },
  ])
  await store.revokeDevice(id, 'user:ada')
  expect(await store.healthSources([id])).toEqual([])
})

test('holds what health reads of a report, and no more', async () => {
  const facts = {
    memory: { totalBytes: 8e9, pressure: 0.25 },
    throttling: { now: ['undervoltage' as const], sinceBoot: [] },
    network: { hostname: 'till-7', interfaces: [] },
  }
  const unreadable = [{ fact: 'thermal', code: 'permission-denied' as const, detail: '/sys' }]
  const report = { at: 7, agentVersion: '0.1.0', deviceClass, facts, unreadable }
  await store.commit(group({ reports: [{ deviceId: id, report, receivedMs: 9 }] }))
  const [source] = await store.healthSources([id])
  expect(source?.assignment?.hasReport).toBe(true)
  expect(source?.report).toMatchObject({ atMs: 7, unreadable, facts: { memory: facts.memory, storage: null } })
  expect(source?.report?.facts.throttling).toEqual(facts.throttling)
  expect(Object.keys(source?.report?.facts ?? {})).not.toContain('network')
})

test('compares the speed of the build that it serves with the first that it measured', async () => {
  await measured(20, 1)
  await measured(8, 2)
  expect(await store.healthSources([id])).toMatchObject([{ speed: null }]) // it serves nothing
  const serving = { build: 'e2b', label: 'E2B', demo: false, state: 'ready' as const, since: 1 }
  const reported = { at: 1, revisionSeen: 0, revisionApplied: 0, failure: null }
  await store.commit(
    group({
      reported: [
        {
          deviceId: id,
          receivedMs: 1,
          reported: { ...reported, serving: { ...serving, engine: null, failure: null } },
        },
      ],
    }),
  )
  expect(await store.healthSources([id])).toMatchObject([
    { speed: { tokensPerSecond: 8, baselineTokensPerSecond: 20, measuredMs: 2 } },
  ])
})

test('holds the events that health counts, the newest of them where there are very many', async () => {
  const events = Array.from({ length: 80 }, (_, i) => ({
    ...{ id: `e${i}`, deviceId: id, source: 'device' as const, atMs: i, receivedMs: i, detail: { offSeconds: i } },
    code: i % 2 ? 'clock-corrected' : 'build-applied',
  }))
  await store.commit(group({ events }))
  const [source] = await store.healthSources([id])
  expect(source?.events).toHaveLength(25)
  expect(source?.events[0]).toEqual({ id: 'e79', code: 'clock-corrected', atMs: 79, detail: { offSeconds: 79 } })
})

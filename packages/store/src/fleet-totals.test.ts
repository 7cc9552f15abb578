import type { Serving } from '@tradewind/protocol'
import { afterAll, expect, test } from 'vitest'
import { openStore } from './open'
import { enrolOne, group, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)

const serving = (build: string, state: Serving['state']): Serving => ({
  ...{ build, label: build, demo: build === 'pocket', state, since: 1, engine: null, failure: null },
})

test('an empty fleet has nothing', async () => {
  const store = await openStore(newFile(folder))
  expect(await store.fleetTotals()).toEqual({ devices: 0, byPresence: {}, bySync: {}, byBuild: [], byClass: [] })
  await store.close()
})

test('devices are counted by what they are and do, the revoked left out', async () => {
  const store = await openStore(newFile(folder))
  await store.setHubInfo(hub)
  const [a, b, c, gone] = [
    await enrolOne(store, 'a'),
    await enrolOne(store, 'b'),
    await enrolOne(store, 'c'),
    await enrolOne(store, 'gone'),
  ]
  const deviceClass = 'v1:0123456789abcdef'
  const facts = { board: { model: 'Raspberry Pi 5' }, memory: { totalBytes: 8e9 } }
  const report = { at: 1, agentVersion: '0.1.0', deviceClass, facts, unreadable: [] }
  const reported = { at: 1, revisionSeen: 0, revisionApplied: 0, failure: null }
  await store.commit(
    group({
      reports: [a, b, gone].map((deviceId) => ({ deviceId, report, receivedMs: 1 })),
      presences: [{ deviceId: a, state: 'online', start: 1, session: 1, sinceMs: 1 }],
      reported: [
        { deviceId: a, receivedMs: 1, reported: { ...reported, serving: serving('e2b', 'ready') } },
        { deviceId: b, receivedMs: 1, reported: { ...reported, serving: serving('e2b', 'loading') } },
        { deviceId: c, receivedMs: 1, reported: { ...reported, serving: serving('pocket', 'ready') } },
        { deviceId: gone, receivedMs: 1, reported: { ...reported, serving: serving('e2b', 'ready') } },
      ],
    }),
  )
  await store.revokeDevice(gone, 'user:ada')
  expect(await store.fleetTotals()).toEqual({
    devices: 3,
    byPresence: { online: 1, unseen: 2 },
    bySync: { registered: 2, unknown: 1 },
    byBuild: [
      { build: 'e2b', demo: false, state: null, devices: 1 },
      { build: 'e2b', demo: false, state: 'ready', devices: 1 },
      { build: 'pocket', demo: true, state: null, devices: 1 },
    ],
    byClass: [{ deviceClass, board: 'Raspberry Pi 5', memoryBytes: 8e9, devices: 2 }],
  })
  await store.close()
})

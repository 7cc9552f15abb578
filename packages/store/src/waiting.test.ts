import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from './open'
import { enrolOne, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const nowMs = Date.parse('2026-11-24T12:00:00Z')
let store: Store

beforeEach(async () => {
  store = await openStore(newFile(folder))
  await store.setHubInfo(hub)
})
afterEach(() => store.close())

test('what nobody has looked at waits, and what somebody knows of does not', async () => {
  expect(await store.waiting(nowMs)).toEqual({ problems: 0, proposals: 0, rollouts: 0 })
  const deviceId = await enrolOne(store)
  const of = (code: 'hot' | 'disk-low' | 'lost') => ({
    ...{ deviceId, code, about: null, severity: 'warning' as const, sinceMs: nowMs, numbers: {} },
  })
  await store.keepProblems({ nowMs, begun: [of('hot'), of('disk-low'), of('lost')], changed: [], ended: [] })
  expect(await store.waiting(nowMs)).toMatchObject({ problems: 3 })
  const { problems } = await store.pageOfProblems({
    ...{ state: 'open', code: null, severity: null, deviceId: null, nowMs, offset: 0, limit: 9 },
  })
  const [first = '', second = ''] = problems.map(({ id }) => id)
  await store.acknowledgeProblems([first], null, 'user:ada')
  await store.silenceProblems([second], nowMs + 1000, null, 'user:ada')
  expect(await store.waiting(nowMs)).toMatchObject({ problems: 1 })
  expect(await store.waiting(nowMs + 1001)).toMatchObject({ problems: 2 })
  const bySearch = await store.pageOfProblems({
    ...{ state: 'waiting', code: null, severity: null, deviceId: null, nowMs, offset: 0, limit: 9 },
  })
  expect(bySearch.total).toBe(1) // the same as the page of problems says

  await store.keepFindings({
    atMs: nowMs,
    proposed: [{ deviceId, workloadId: 'w', workloadVersion: 1, build: 'a', instead: 'b', gain: null }],
    unplaced: [],
    looked: [deviceId],
  })
  expect(await store.waiting(nowMs)).toMatchObject({ proposals: 1 })
  await store.revokeDevice(deviceId, 'user:ada')
  expect(await store.waiting(nowMs)).toMatchObject({ proposals: 0 })
})

import { rollouts } from '@tradewind/fleet'
import { type Rollout, RolloutPlan } from '@tradewind/protocol'
import Sqlite from 'better-sqlite3'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { hubEvent, openStore } from './index'
import { enrolOne, group, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)

async function fleet() {
  const file = newFile(folder)
  const store = await openStore(file, { ingests: true })
  onTestFinished(() => store.close())
  await store.setHubInfo(hub)
  const ids = [await enrolOne(store, 'till-1'), await enrolOne(store, 'till-2')]
  const assign = (
    deviceId: string,
    revision: number,
    cause: string,
    build: string,
    rolloutId: string | null = null,
  ) => {
    const db = new Sqlite(file)
    db.prepare(
      `INSERT INTO Assignment (deviceId, revision, at, actor, cause, rolloutId, build, body) VALUES (?, ?, ?, 'up', ?, ?, ?, '{}')`,
    ).run(deviceId, revision, 1000 * revision, cause, rolloutId, build)
    db.close()
  }
  return { store, ids, assign }
}

const begun = (deviceIds: string[], id = 'r1'): Rollout =>
  rollouts.begin(
    { id, seed: 'seed', actor: 'user:ada', workloadId: 'calls', workloadVersion: 2 },
    deviceIds.map((deviceId) => ({ deviceId, build: 'new', before: null, baseline: null, isHere: true })),
    RolloutPlan.parse({}),
    5000,
  )
const note = (code: string, actor: string | null) => ({ event: hubEvent(null, code, 5000, { rollout: 'r1' }), actor })

test('a rollout is kept with its event and its audit, and shown with the names of its members', async () => {
  const { store, ids } = await fleet()
  await store.createRollout(begun(ids), note('rollout-started', 'user:ada'))
  const view = await store.rollout('r1')
  expect(view).toMatchObject({ id: 'r1', state: 'running', endedAt: null, outcomes: { waiting: 2 } })
  expect(view?.members.map(({ name }) => name).sort()).toEqual(['till-1', 'till-2'])
  expect(view).not.toHaveProperty('seed')
  expect(await store.rollouts()).toMatchObject([{ id: 'r1', members: 2, outcomes: { waiting: 2 }, waves: 2 }])
  expect((await store.listEvents(null)).map(({ code }) => code)).toContain('rollout-started')
  expect(await store.listAudit()).toContainEqual(
    expect.objectContaining({ action: 'rollout-started', actor: 'user:ada', target: 'r1' }),
  )
  expect(await store.rollout('r2')).toBeNull()
})

test('what has ended is no longer live, and has an end; the audit names only people', async () => {
  const { store, ids } = await fleet()
  const rollout = begun(ids)
  await store.createRollout(rollout, note('rollout-started', 'user:ada'))
  await store.saveRollout({ ...rollout, state: 'paused' }, 6000, note('rollout-paused', null))
  expect(await store.liveRollouts()).toEqual([{ ...rollout, state: 'paused' }])
  await store.saveRollout({ ...rollout, state: 'aborted' }, 7000, note('rollout-aborted', 'user:bob'))
  expect(await store.liveRollouts()).toEqual([])
  expect(await store.rollout('r1')).toMatchObject({ state: 'aborted', endedAt: 7000 })
  const actions = (await store.listAudit()).filter(({ target }) => target === 'r1').map(({ action }) => action)
  expect(actions.sort()).toEqual(['rollout-aborted', 'rollout-started'])
})

test('a member is seen by its newest assignment; a restart raises nothing but the revision', async () => {
  const { store, ids, assign } = await fleet()
  const [first = '', second = ''] = ids
  assign(first, 1, 'first', 'old')
  assign(first, 2, 'rollout', 'new', 'r1')
  assign(first, 3, 'restart', 'new')
  const smoke = { outcome: 'passed' as const, code: null }
  const reported = { at: 1, revisionSeen: 3, revisionApplied: 2, failure: { code: 'no-space', detail: '' }, smoke }
  await store.commit(group({ reported: [{ deviceId: first, reported, receivedMs: 1 }] }))
  await store.revokeDevice(second, 'up')
  const members = ids.map((deviceId) => ({ deviceId, build: 'new' }))
  const seen = new Map(await store.observeMembers(members))
  expect(seen.get(first)).toEqual({
    isRevoked: false,
    assigned: { revision: 3, made: 2, build: 'new', cause: 'rollout', rolloutId: 'r1', atMs: 2000 },
    ...{ revisionSeen: 3, revisionApplied: 2, failureCode: 'no-space' },
    ...{ seeking: null, serving: null, smoke, speed: null, classSpeed: null },
  })
  expect(seen.get(second)).toMatchObject({ isRevoked: true, assigned: null, revisionSeen: 0 })
})

test('what a member measured of the build is seen beside what its class did', async () => {
  const { store, ids } = await fleet()
  const [first = '', second = ''] = ids
  const one = {
    build: 'new',
    at: 1,
    deviceClass: 'v1:0123456789abcdef',
    engine: { name: 'e', version: '1', commit: null },
  }
  const measured = (deviceId: string, generationPerSecond: number) => ({
    deviceId,
    measured: {
      builds: [
        { ...one, generationPerSecond },
        { ...one, build: 'other', generationPerSecond: 1 },
      ],
    },
  })
  await store.commit(group({ measured: [measured(first, 5), measured(second, 9)] }))
  const seen = new Map(await store.observeMembers([{ deviceId: first, build: 'new' }]))
  expect(seen.get(first)).toMatchObject({ speed: { generationPerSecond: 5 }, classSpeed: { generationPerSecond: 9 } })
  expect(seen.size).toBe(1)
})

import { parseResolvedBuild, type Reported } from '@tradewind/protocol'
import fc from 'fast-check'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AssignedBy, NewAssignment } from './assignments'
import { openStore, type Store } from './open'
import { enrolOne, group, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
let store: Store

beforeEach(async () => {
  store = await openStore(newFile(folder))
  await store.setHubInfo(hub)
})
afterEach(() => store.close())

const build = (id: string) =>
  parseResolvedBuild(
    JSON.stringify({
      ...{ id, variant: 'e2b', quantisation: 'Q8_0', bitsPerWeight: 8.5, quantisationAware: false },
      ...{ engine: 'llama-server', hears: true, sees: false },
      files: [{ role: 'weights', repository: 'a/b', path: `${id}.gguf`, bytes: 1000, sha256: 'a'.repeat(64) }],
    }),
  )
const change = (deviceId: string, id = 'small'): NewAssignment => ({
  deviceId,
  workload: { id: 'calls', version: 2 },
  build: build(id),
  options: { context: 4096, slots: 1, cacheType: 'f16', microBatch: 512, pool: 'memory' },
  smoke: { baseline: null, mostWordErrors: 0.2, speedShare: 0.7, leastPerSecond: 0, clips: [] },
  decision: null,
})
const byAda: AssignedBy = { actor: 'user:ada', cause: 'person', atMs: 1_790_000_000_000 }
const reports = (deviceId: string, said: Partial<Reported>) => {
  const reported = { at: 1, revisionSeen: 0, revisionApplied: 0, failure: null, ...said }
  return store.commit(group({ reported: [{ deviceId, reported, receivedMs: 1 }] }))
}

describe('the number of an assignment', () => {
  test('is above everything that the device was told, or said that it was told', async () => {
    const id = await enrolOne(store)
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 40 }), fc.nat({ max: 40 }), async (revisionSeen, revisionApplied) => {
        const before = (await store.device(id))?.assignment?.assignedRevision ?? 0
        await reports(id, { revisionSeen, revisionApplied })
        const [made] = await store.assign([change(id)], byAda)
        expect(made?.revision).toBe(Math.max(before, revisionSeen, revisionApplied) + 1)
        expect(made?.assignment).toMatchObject({ deviceId: id, revision: made?.revision, workload: 'calls' })
      }),
      { numRuns: 10 },
    )
  })

  test('is one of a history that tells who and why', async () => {
    const id = await enrolOne(store)
    await store.assign([change(id)], { ...byAda, actor: 'hub', cause: 'first' })
    await store.assign([change(id, 'large')], byAda)
    const history = await store.assignments(id)
    expect(history.map(({ revision, cause, actor, build }) => [revision, cause, actor, build])).toEqual([
      [2, 'person', 'user:ada', 'large'],
      [1, 'first', 'hub', 'small'],
    ])
    expect((await store.device(id))?.assignment).toMatchObject({
      assignedRevision: 2,
      latest: { build: 'large', cause: 'person', actor: 'user:ada', workloadId: 'calls', atMs: byAda.atMs },
    })
    expect((await store.listAudit()).filter(({ action }) => action === 'assigned')).toHaveLength(2)
  })
})

test('a first placement leaves alone what a person has assigned meanwhile', async () => {
  const [one, two] = [await enrolOne(store, 'one'), await enrolOne(store, 'two')]
  await store.assign([change(one, 'large')], byAda)
  const made = await store.assign([change(one), change(two)], { ...byAda, cause: 'first' })
  expect(made.map(({ deviceId }) => deviceId)).toEqual([two])
  expect(
    (await store.assigned([one, two])).map(({ deviceId, assignment }) => [deviceId, assignment.build.id]).sort(),
  ).toEqual(
    [
      [one, 'large'],
      [two, 'small'],
    ].sort(),
  )
})

test('a restart is the same again with one more restart; who has nothing is left out', async () => {
  const [one, two] = [await enrolOne(store, 'one'), await enrolOne(store, 'two')]
  await store.assign([change(one)], byAda)
  await store.restart([one, two], byAda)
  const [again] = await store.restart([one, two], byAda)
  expect(again).toMatchObject({ deviceId: one, revision: 3, assignment: { restart: 2, build: { id: 'small' } } })
  const [other] = await store.assign([change(one, 'large')], byAda)
  expect(other?.assignment.restart).toBe(2) // or the engine would be started anew for nothing
})

test('a revoked device, or one that never was, is assigned nothing', async () => {
  const id = await enrolOne(store)
  await store.revokeDevice(id, 'user:ada')
  expect(await store.assign([change(id), change('nobody')], byAda)).toEqual([])
})

describe('what placement found', () => {
  const proposal = (deviceId: string, build = 'large', workloadVersion = 2) => ({
    ...{ deviceId, workloadId: 'calls', workloadVersion, build, instead: 'small', gain: 0.3 },
  })
  const refused = (deviceId: string, haveBytes: number) => ({
    ...{ deviceId, kind: 'refused' as const, workloadId: 'calls', workloadVersion: 2, build: 'small' },
    detail: { refusals: [{ code: 'disk-short' as const, needBytes: 10, haveBytes }], offer: null },
  })
  const found = (
    looked: string[],
    proposed: ReturnType<typeof proposal>[],
    unplaced: ReturnType<typeof refused>[] = [],
  ) => store.keepFindings({ atMs: ++at, looked, proposed, unplaced })
  let at = 1_000

  test('is proposed once, and not again in the same words once it was dismissed', async () => {
    const id = await enrolOne(store)
    expect(await found([id], [proposal(id)])).toBe(true)
    expect(await found([id], [proposal(id)])).toBe(false)
    expect(await store.proposals()).toMatchObject([{ deviceId: id, deviceName: 'till-7', build: 'large' }])
    expect(await store.dismissProposals([id], 'user:ada')).toEqual([id])
    await found([id], [proposal(id)])
    await found([id], [])
    await found([id], [proposal(id)])
    expect(await store.proposals()).toEqual([])
    await found([id], [proposal(id, 'large', 3)])
    expect(await store.proposals()).toMatchObject([{ workloadVersion: 3 }])
  })

  test('goes when it no longer holds, and when the device is assigned something', async () => {
    const [one, two] = [await enrolOne(store, 'one'), await enrolOne(store, 'two')]
    await found([one, two], [proposal(one), proposal(two)])
    await found([one], [])
    expect(await store.proposals()).toMatchObject([{ deviceId: two }])
    await store.assign([change(two)], byAda)
    expect(await store.proposals()).toEqual([])
  })

  test('tells trouble with its numbers and since when, until there is none', async () => {
    const id = await enrolOne(store)
    await found([id], [], [refused(id, 5)])
    const [first] = await store.placementTrouble()
    await found([id], [], [refused(id, 6)])
    expect(await store.placementTrouble()).toMatchObject([
      { atMs: first?.atMs, kind: 'refused', detail: { refusals: [{ code: 'disk-short', haveBytes: 6 }] } },
    ])
    expect(await found([id], [])).toBe(true)
    expect(await store.placementTrouble()).toEqual([])
  })
})

test('the first of a class that came through its smoke test is what the others are compared with', async () => {
  const ids = [await enrolOne(store, 'one'), await enrolOne(store, 'two')]
  const report = { at: 1, agentVersion: '0', deviceClass: 'v1:0123456789abcdef', facts: {}, unreadable: [] }
  await store.commit(group({ reports: ids.map((deviceId) => ({ deviceId, report, receivedMs: 1 })) }))
  const seeking = { is: 'converged' as const, revision: 1, build: 'small', step: null, since: 1, reason: null }
  const answer = (text: string) => ({ prompt: 'known-clip' as const, text })
  const [one = '', two = ''] = ids
  await reports(one, { seeking, smoke: { outcome: 'failed', code: 'empty', answer: answer('') } })
  await reports(two, { seeking, smoke: { outcome: 'flagged', code: null, answer: answer('hello') } })
  await reports(one, { seeking, smoke: { outcome: 'passed', code: null, answer: answer('hallo') } })
  expect(await store.baselines()).toMatchObject([
    { build: 'small', deviceClass: 'v1:0123456789abcdef', deviceId: two, baseline: { text: 'hello' } },
  ])
})

test('placement hears of what people changed, each once', async () => {
  const id = await enrolOne(store)
  const { through } = await store.placementNews(0)
  await store.setLabels(id, { site: 'lyon' }, 'user:ada')
  const labelled = await store.placementNews(through)
  expect(labelled).toMatchObject({ everything: false, deviceIds: [id] })
  await store.createWorkload({ id: 'calls', useCases: ['transcription'], context: 4096 }, 'user:ada')
  const created = await store.placementNews(labelled.through)
  expect(created).toMatchObject({ everything: true, deviceIds: [] })
  expect(await store.placementNews(created.through)).toEqual({ ...created, everything: false })
})

test('a device in the middle of a change counts as what it is changing to, with the memory its engine would give back', async () => {
  const id = await enrolOne(store)
  const report = { at: 1, agentVersion: '0', deviceClass: 'v1:0123456789abcdef', facts: {}, unreadable: [] }
  await store.commit(group({ reports: [{ deviceId: id, report, receivedMs: 1 }] }))
  await store.assign([change(id)], byAda)
  const serving = {
    build: 'small',
    label: 'Small',
    demo: false,
    state: 'ready' as const,
    since: 1,
    engine: null,
    failure: null,
  }
  await reports(id, { revisionSeen: 1, revisionApplied: 1, serving })
  expect(await store.placedDevices([id])).toMatchObject([{ serving: { build: 'small', memoryBytes: 1000 } }])
  await store.assign([change(id, 'large')], byAda)
  expect((await store.placedDevices([id]))[0]?.serving?.build).toBe('large')
})

import { RolloutPlan, type Workload } from '@tradewind/protocol'
import { askHub, eventually, postHub, resolvedBuilds, type TestHub, testHub, VirtualDevice } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

const calls: Workload = { id: 'calls', useCases: ['transcription'], context: 4096 }
const plan = RolloutPlan.parse({ waves: [{ devices: 1 }, { share: 1 }] })

async function joined(hub: TestHub): Promise<VirtualDevice> {
  const device = await VirtualDevice.enrol(await hub.token())
  await device.connect()
  await device.tellFacts()
  return device
}

/** A hub, and two devices that serve what `calls` first gave them. */
async function placing() {
  const hub = await testHub()
  await hub.store.setCatalogue(resolvedBuilds, 'test')
  await hub.store.createWorkload(calls, 'user:ada')
  const devices: VirtualDevice[] = []
  for (let i = 0; i < 2; i++) devices.push(await joined(hub))
  await eventually('both are placed', () => devices.every(({ assignment }) => assignment))
  const wake = () => askHub(hub, '/wake', { method: 'POST' })
  const change = async (more: Partial<Workload>) => {
    await hub.store.changeWorkload({ ...calls, ...more }, plan, 'user:ada')
    await wake()
    await eventually('it counts as placed', async () => (await hub.store.workload('calls'))?.placedVersion === 2)
  }
  return { hub, store: hub.store, devices, change, wake, ids: devices.map(({ id }) => id).sort() }
}

test('a changed workload becomes one rollout of the devices that it concerns: the canary is told, the other waits', async () => {
  const { store, devices, change, wake, ids } = await placing()
  await change({ context: 8192 })
  const [rollout] = await store.rollouts()
  expect(rollout).toMatchObject({ workloadId: 'calls', workloadVersion: 2, actor: 'user:ada', state: 'running' })
  const { members = [] } = (await store.rollout(rollout?.id ?? '')) ?? {}
  expect(members.map(({ deviceId }) => deviceId).sort()).toEqual(ids)
  const told = () => devices.filter(({ assignment }) => assignment?.options.context === 8192)
  await eventually('the canary is told', () => told().length === 1)
  for (const id of ids) await store.setLabels(id, { site: 'lyon' }, 'user:ada') // looks at both again
  await wake()
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  expect(told().length).toBe(1)
  expect(await store.proposals()).toEqual([])
}, 30_000)

test('a workload that is made with a plan goes in waves, also to devices that serve nothing', async () => {
  const hub = await testHub()
  await hub.store.setCatalogue(resolvedBuilds, 'test')
  const devices = [await joined(hub), await joined(hub)]
  await eventually('their reports', async () => (await hub.store.placedIds()).length === 2)
  await hub.store.createWorkload(calls, 'user:ada', plan)
  await askHub(hub, '/wake', { method: 'POST' })
  await eventually('one is told', () => devices.some(({ assignment }) => assignment))
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  expect(devices.filter(({ assignment }) => assignment)).toHaveLength(1)
  expect(await hub.store.rollouts()).toMatchObject([{ workloadId: 'calls', workloadVersion: 1, members: 2 }])
}, 30_000)

test('a change that concerns no device counts as placed without a rollout', async () => {
  const { store, change } = await placing()
  await change({ gainToChange: 0.5 })
  expect(await store.rollouts()).toEqual([])
})

test('a person assigns by a plan: a rollout of those that it fits; and steers it', async () => {
  const { hub, store, ids } = await placing()
  const ask = { deviceIds: [...ids, 'nobody'], workload: 'calls', build: 'test-e2b-lean', plan, actor: 'user:ada' }
  const { said } = await postHub(hub, '/assign', ask)
  expect(said).toMatchObject({ assigned: [], refused: [{ deviceId: 'nobody' }] })
  expect(said.rollouts).toEqual([{ id: expect.any(String), workload: 'calls', devices: 2 }])
  const [{ id }] = said.rollouts as [{ id: string }]
  const { members = [] } = (await store.rollout(id)) ?? {}
  expect(members.map(({ deviceId, build }) => [deviceId, build]).sort()).toEqual(ids.map((id) => [id, 'test-e2b-lean']))
  const steer = (act: string) => postHub(hub, `/rollouts/${id}/${act}`, { actor: 'user:ada' })
  expect(await steer('pause')).toMatchObject({ status: 200, said: { state: 'paused' } })
  expect((await steer('burn')).status).toBe(400)
  expect(await steer('abort')).toMatchObject({ status: 200, said: { state: 'aborted' } })
  expect(await steer('abort')).toMatchObject({ status: 409, said: { code: 'conflict' } })
})

describe('a device that comes under a workload while its rollout is under way', () => {
  const waves = async ({ store }: TestHub) => {
    const [rollout] = await store.rollouts()
    const { members = [] } = (await store.rollout(rollout?.id ?? '')) ?? {}
    return new Map(members.map(({ deviceId, wave, told }) => [deviceId, { wave, isTold: told !== null }]))
  }

  test('joins its last wave, though it serves nothing, and is not assigned anything before', async () => {
    const { hub, change } = await placing()
    await change({ context: 8192 })
    const late = await joined(hub)
    await eventually('it has joined', async () => (await waves(hub)).get(late.id)?.wave === 1)
    await late.tellFacts() // it is looked at again
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect((await waves(hub)).get(late.id)).toEqual({ wave: 1, isTold: false })
    expect(late.assignment).toBeNull()
  }, 30_000)

  test('and that another workload had it before, joins as well: it is no proposal', async () => {
    const { hub, store, change, wake, ids } = await placing()
    const [id = ''] = ids
    await store.createWorkload({ ...calls, id: 'tills', selects: { site: 'lyon' }, priority: 1 }, 'user:ada')
    await store.setLabels(id, { site: 'lyon' }, 'user:ada')
    await wake()
    const accept = { deviceIds: [id], plan: null, actor: 'user:ada' }
    await eventually('it is proposed', async () => (await store.proposals()).length === 1)
    await postHub(hub, '/proposals/accept', accept)
    await change({ context: 8192 })
    expect([...(await waves(hub)).keys()]).toEqual(ids.slice(1))
    await store.setLabels(id, {}, 'user:ada')
    await wake()
    await eventually('it has joined', async () => (await waves(hub)).has(id))
    expect(await store.proposals()).toEqual([])
  }, 30_000)

  test('is placed by itself once the rollout is aborted', async () => {
    const { hub, store, change } = await placing()
    await change({ context: 8192 })
    const late = await joined(hub)
    await eventually('it has joined', async () => (await waves(hub)).has(late.id))
    const [rollout] = await store.rollouts()
    await postHub(hub, `/rollouts/${rollout?.id}/abort`, { actor: 'user:ada' })
    await eventually('it is placed', () => late.assignment?.options.context === 8192)
  }, 30_000)
})

test('proposals of two workloads that are accepted together are one rollout each', async () => {
  const { hub, store, wake, ids } = await placing()
  for (const [i, id] of ids.entries()) {
    const selects = { site: `${i}` }
    await store.createWorkload({ ...calls, id: `site-${i}`, selects, priority: 1, context: 8192 }, 'user:ada')
    await store.setLabels(id, selects, 'user:ada')
  }
  await wake()
  await eventually('both are proposed', async () => (await store.proposals()).length === 2)
  const { said } = await postHub(hub, '/proposals/accept', { deviceIds: ids, plan, actor: 'user:ada' })
  expect(said).toMatchObject({ assigned: [], refused: [] })
  expect(said.rollouts).toMatchObject([
    { workload: 'site-0', devices: 1 },
    { workload: 'site-1', devices: 1 },
  ])
  expect(await store.rollouts()).toHaveLength(2)
}, 30_000)

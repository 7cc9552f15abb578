import { RolloutPlan, type Workload } from '@tradewind/protocol'
import { askHub, eventually, postHub, resolvedBuilds, testHub, VirtualDevice } from '@tradewind/testkit'
import { expect, test } from 'vitest'

const calls: Workload = { id: 'calls', useCases: ['transcription'], context: 4096 }
const plan = RolloutPlan.parse({ waves: [{ devices: 1 }, { share: 1 }] })

/** A hub, and two devices that serve what `calls` first gave them. */
async function placing() {
  const hub = await testHub()
  await hub.store.setCatalogue(resolvedBuilds, 'test')
  await hub.store.createWorkload(calls, 'user:ada')
  const devices: VirtualDevice[] = []
  for (let i = 0; i < 2; i++) {
    const device = await VirtualDevice.enrol(await hub.token())
    await device.connect()
    await device.tellFacts()
    devices.push(device)
  }
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

test('a change that concerns no device counts as placed without a rollout', async () => {
  const { store, change } = await placing()
  await change({ gainToChange: 0.5 })
  expect(await store.rollouts()).toEqual([])
})

test('a person assigns by a plan: a rollout of those that it fits; and steers it', async () => {
  const { hub, store, ids } = await placing()
  const ask = { deviceIds: [...ids, 'nobody'], workload: 'calls', build: 'test-e2b-lean', plan, actor: 'user:ada' }
  const { said } = await postHub(hub, '/assign', ask)
  expect(said).toMatchObject({ assigned: [], rolloutId: expect.any(String), refused: [{ deviceId: 'nobody' }] })
  const { members = [] } = (await store.rollout(`${said.rolloutId}`)) ?? {}
  expect(members.map(({ deviceId, build }) => [deviceId, build]).sort()).toEqual(ids.map((id) => [id, 'test-e2b-lean']))
  const steer = (act: string) => postHub(hub, `/rollouts/${said.rolloutId}/${act}`, { actor: 'user:ada' })
  expect(await steer('pause')).toMatchObject({ status: 200, said: { state: 'paused' } })
  expect((await steer('burn')).status).toBe(400)
  expect(await steer('abort')).toMatchObject({ status: 200, said: { state: 'aborted' } })
  expect(await steer('abort')).toMatchObject({ status: 409, said: { code: 'conflict' } })
})

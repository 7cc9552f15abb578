import type { Workload } from '@tradewind/protocol'
import { askHub, eventually, postHub, resolvedBuilds, testHub, VirtualDevice } from '@tradewind/testkit'
import { expect, test } from 'vitest'
import { type RolloutDoor, RolloutRefused } from './rollout-door'

const calls: Workload = { id: 'calls', useCases: ['transcription'], context: 4096 }
const plan = { waves: [1] }

/** Notes the rollouts that it is asked for, and makes none. */
class ScriptedDoor implements RolloutDoor {
  readonly started: Parameters<RolloutDoor['start']>[0][] = []
  fails = 0
  waiting = new Set<string>()
  async start(ask: Parameters<RolloutDoor['start']>[0]) {
    if (this.fails > 0) {
      this.fails--
      throw new Error('no room')
    }
    this.started.push(ask)
    return { id: `r${this.started.length}` }
  }
  async control({ id, act }: Parameters<RolloutDoor['control']>[0]) {
    if (act === 'abort') throw new RolloutRefused('conflict', { state: 'done' })
    return { id, act }
  }
  isWaiting = (id: string) => this.waiting.has(id)
}

/** A hub with this door, and two devices that serve what `calls` first gave them. */
async function placing() {
  const door = new ScriptedDoor()
  const hub = await testHub({ rollouts: door })
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
  const change = async (more: Partial<Workload>) => {
    await hub.store.changeWorkload({ ...calls, ...more }, plan, 'user:ada')
    await askHub(hub, '/wake', { method: 'POST' })
  }
  const isPlaced = () =>
    eventually('it counts as placed', async () => (await hub.store.workload('calls'))?.placedVersion === 2)
  return { hub, store: hub.store, door, change, isPlaced, ids: devices.map(({ id }) => id).sort() }
}

test('a changed workload becomes one rollout of the devices that it concerns, and no proposals', async () => {
  const { store, door, change, isPlaced, ids } = await placing()
  await change({ context: 8192 })
  await isPlaced()
  expect(door.started).toEqual([
    {
      ...{ workloadId: 'calls', workloadVersion: 2, plan, actor: 'user:ada' },
      targets: ids.map((deviceId) => ({ deviceId, build: 'test-e2b' })),
    },
  ])
  expect((await store.assignments(ids[0] ?? '')).map(({ revision }) => revision)).toEqual([1])
})

test('what a rollout is going to tell a device is not proposed to it; afterwards it is', async () => {
  const { hub, store, door, change, isPlaced, ids } = await placing()
  door.waiting = new Set(ids.slice(1))
  await change({ context: 8192 })
  await isPlaced()
  await store.setLabels(ids[0] ?? '', { site: 'lyon' }, 'user:ada')
  await store.setLabels(ids[1] ?? '', { site: 'lyon' }, 'user:ada')
  await askHub(hub, '/wake', { method: 'POST' })
  await eventually('one is proposed', async () => (await store.proposals()).length > 0)
  expect(await store.proposals()).toMatchObject([
    { deviceId: ids[0], build: 'test-e2b', instead: 'test-e2b', gain: null },
  ])
})

test('a change that concerns no device counts as placed without a rollout', async () => {
  const { door, change, isPlaced } = await placing()
  await change({ gainToChange: 0.5 })
  await isPlaced()
  expect(door.started).toEqual([])
})

test('a rollout that cannot be made is tried again, and the workload waits for it', async () => {
  const { store, door, change } = await placing()
  door.fails = 1
  await change({ context: 8192 })
  await eventually('it was tried', () => door.fails === 0)
  expect((await store.workload('calls'))?.placedVersion).toBe(1)
  await change({ context: 4096, gainToChange: 0.5 }) // and nothing is to change any more
  await eventually('it counts as placed', async () => (await store.workload('calls'))?.placedVersion === 3, 20_000)
  expect(door.started).toEqual([])
}, 30_000)

test('a person assigns by a plan: a rollout of those that it fits; and steers it', async () => {
  const { hub, door, ids } = await placing()
  const ask = { deviceIds: [...ids, 'nobody'], workload: 'calls', build: 'test-e2b-lean', plan, actor: 'user:ada' }
  const { said } = await postHub(hub, '/assign', ask)
  expect(said).toMatchObject({ assigned: [], rolloutId: 'r1', refused: [{ deviceId: 'nobody' }] })
  expect(door.started[0]?.targets).toEqual(ids.map((deviceId) => ({ deviceId, build: 'test-e2b-lean' })))
  const steer = (act: string) => postHub(hub, `/rollouts/r1/${act}`, { actor: 'user:ada' })
  expect(await steer('pause')).toEqual({ status: 200, said: { id: 'r1', act: 'pause' } })
  expect((await steer('burn')).status).toBe(400)
  expect(await steer('abort')).toMatchObject({ status: 409, said: { code: 'conflict' } })
})

import { RolloutPlan } from '@tradewind/protocol'
import { eventually, HubProgram, postHub, resolvedBuilds, testFolder, VirtualDevice } from '@tradewind/testkit'
import { expect, test } from 'vitest'

const size = 24
const most = 15
const waves = [{ devices: 1 }, { share: 0.25 }, { share: 0.5 }, { share: 0.75 }, { share: 1 }]
const plan = RolloutPlan.parse({ waves, mostAtOnce: { devices: 2 }, gate: { soakMs: 200 } })

test('kill -9 of the hub again and again during a rollout: each device is told once, and it ends without help', async () => {
  const hub = await HubProgram.start(testFolder('kill-hub-rollout'))
  const store = await hub.store()
  await store.setCatalogue(resolvedBuilds, 'test')
  const devices: VirtualDevice[] = []
  let isOver = false
  for (let i = 0; i < size; i++) {
    const device = await VirtualDevice.enrol(await hub.token())
    device.seek()
    devices.push(device)
  }
  const staying = devices.map((device) => stay(device, () => isOver))
  for (const device of devices) await eventually('its report', async () => (await store.device(device.id))?.report)
  const deviceIds = devices.map(({ id }) => id)
  const ask = { deviceIds, workload: null, actor: 'user:ada' }
  await postHub(hub, '/assign', { ...ask, build: 'test-e2b', plan: null })
  await eventually('all serve', async () =>
    (await Promise.all(deviceIds.map((id) => store.device(id)))).every((device) => device?.sync === 'in-sync'),
  )
  const { said } = await postHub(hub, '/assign', { ...ask, build: 'test-e2b-lean', plan })
  const [{ id }] = said.rollouts as [{ id: string }]

  let kills = 0
  const isDone = async () => (await store.rollout(id))?.state !== 'running'
  for (; kills < most && !(await isDone()); kills++) {
    await pause(Math.random() * 700)
    await hub.kill()
    await hub.start()
  }
  await eventually('the rollout is done', async () => (await store.rollout(id))?.state === 'done', 60_000)
  isOver = true
  for (const { session } of devices) session?.drop()
  await Promise.all(staying)

  expect((await store.rollout(id))?.outcomes).toEqual({ succeeded: size })
  for (const device of devices) {
    expect(device.seek().loads).toEqual(['test-e2b', 'test-e2b-lean'])
    const made = await store.assignments(device.id)
    expect(made.map(({ revision, cause, rolloutId }) => [revision, cause, rolloutId])).toEqual([
      [2, 'rollout', id],
      [1, 'person', null],
    ])
  }
  await hub.stop()
  console.log(`a rollout of ${size} devices over ${kills} kills of its hub`)
  expect(kills).toBeGreaterThan(3)
}, 300_000)

/** Connected as long as there is a hub, as an agent is. */
async function stay(device: VirtualDevice, isOver: () => boolean) {
  while (!isOver()) {
    const session = await device.connect().catch(() => null)
    await device.tellFacts().catch(() => {}) // said again with the next connection
    await session?.closed
    await pause(50)
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

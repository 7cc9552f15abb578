import { RolloutPlan } from '@tradewind/protocol'
import {
  eventually,
  freePort,
  resolvedBuilds,
  type TestHub,
  testFolder,
  testHub,
  VirtualClock,
  VirtualDevice,
} from '@tradewind/testkit'
import { expect, test } from 'vitest'

const size = 300
const minute = 60_000
const atOnce = RolloutPlan.parse({ waves: [{ share: 1 }], mostAtOnce: { share: 1 }, gate: { soakMs: 0 } })
const careful = RolloutPlan.parse({ mostAtOnce: { share: 1 }, gate: { deadlineMs: 30 * minute } })

test(`${size} devices lose the hub for an hour in the middle of a rollout: nothing is unloaded, nothing pauses`, async () => {
  const clock = new VirtualClock()
  const folder = testFolder('loses-hub')
  const ports = { TRADEWIND_HTTPS_PORT: String(await freePort()), TRADEWIND_MQTTS_PORT: String(await freePort()) }
  const start = () => testHub({ folder, now: clock.now, env: ports })
  let hub = await start()
  expect(await hub.store.setCatalogue(resolvedBuilds, 'test')).toEqual([])
  const devices = await fleetOf(hub)
  const ids = devices.map(({ id }) => id)
  await connectAll(devices, clock)
  for (const device of devices) await device.tellFacts()

  const first = await begin(hub, ids, 'test-e2b', atOnce)
  await eventually('all serve', async () => (await hub.store.rollout(first))?.state === 'done', 60_000)
  const { id } = await hub.rollouts.start(wanted(ids, 'test-e2b-lean', careful))
  await eventually('the canary soaks', async () => (await hub.store.rollout(id))?.waiting?.code === 'soaking')
  for (const device of devices) device.seek().script = 'wait' // and so the second wave is caught in the middle
  clock.advance(10 * minute)
  await eventually('the second wave is changing', async () => (await hub.store.rollout(id))?.outcomes.changing === 29)
  const served = devices.map((device) => [...device.seek().loads])

  // an hour without a network: the hub is there, the devices are not
  for (const device of devices) device.session?.drop()
  await eventually('it waits', async () => (await hub.store.rollout(id))?.waiting?.code === 'too-few-reachable')
  clock.advance(60 * minute)
  await connectAll(devices, clock)
  await eventually('it goes on', async () => (await hub.store.rollout(id))?.waiting?.code === 'changing')

  // an hour without the hub, which knows nothing but its database afterwards
  await hub.close()
  await Promise.all(devices.map(({ session }) => session?.closed))
  clock.advance(60 * minute)
  hub = await start()
  await eventually('it waits', async () => (await hub.store.rollout(id))?.waiting?.code === 'too-few-reachable')
  expect(devices.map((device) => device.seek().loads)).toEqual(served)

  for (const device of devices) device.seek().script = 'succeed'
  await connectAll(devices, clock)
  await eventually('the rollout is done', () => isDone(hub, id, clock), 120_000)

  const codes = (await hub.store.listEvents(null, 5_000)).map(({ code }) => code)
  expect(codes).not.toContain('rollout-paused')
  expect((await hub.store.rollout(id))?.outcomes).toEqual({ succeeded: size })
  for (const device of devices) {
    expect(device.seek().loads).toEqual(['test-e2b', 'test-e2b-lean']) // nothing but the two that were assigned
    const revisions = device.heard.filter(({ leaf }) => leaf === 'desired').map(({ body }) => revisionOf(body))
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b))
  }
}, 300_000)

const wanted = (ids: string[], build: string, plan: RolloutPlan) => ({
  workloadId: null,
  workloadVersion: null,
  targets: ids.map((deviceId) => ({ deviceId, build })),
  plan,
  actor: 'user:ada',
})

const begin = async (hub: TestHub, ids: string[], build: string, plan: RolloutPlan) =>
  (await hub.rollouts.start(wanted(ids, build, plan))).id

/** Lets time pass while the rollout waits for nothing else. */
async function isDone(hub: TestHub, id: string, clock: VirtualClock) {
  const rollout = await hub.store.rollout(id)
  if (rollout?.waiting?.code === 'soaking') clock.advance(minute)
  return rollout?.state === 'done'
}

async function fleetOf(hub: TestHub): Promise<VirtualDevice[]> {
  const devices: VirtualDevice[] = []
  for (let i = 0; i < size; i++) {
    const device = await VirtualDevice.enrol(await hub.token())
    device.seek()
    devices.push(device)
  }
  return devices
}

/** A few at a time, each with a password of the hub's time. */
async function connectAll(devices: VirtualDevice[], clock: VirtualClock) {
  for (let i = 0; i < devices.length; i += 20)
    await Promise.all(
      devices.slice(i, i + 20).map(async (device) => device.connect({ password: await device.password(clock.now()) })),
    )
}

const revisionOf = (body: unknown) => (body as { revision: number }).revision

import type { Workload } from '@tradewind/protocol'
import { askHub, eventually, postHub, resolvedBuilds, type TestHub, testHub, VirtualDevice } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

const calls: Workload = { id: 'calls', useCases: ['transcription'], context: 4096 }
const actor = 'user:ada'

async function placingHub() {
  const hub = await testHub()
  expect(await hub.store.setCatalogue(resolvedBuilds, 'test')).toEqual([])
  return hub
}

async function joined(hub: TestHub, facts?: Parameters<VirtualDevice['tellFacts']>[0]) {
  const device = await VirtualDevice.enrol(await hub.token())
  await device.connect()
  await device.tellFacts(facts)
  return device
}

const wake = (hub: TestHub) => askHub(hub, '/wake', { method: 'POST' })
const told = (device: VirtualDevice, revision: number) =>
  eventually(`revision ${revision}`, () => device.assignment?.revision === revision && device.assignment)

describe('a device that was never assigned anything', () => {
  test('is placed by the first workload that selects it, with the decision kept, and told over the wire', async () => {
    const hub = await placingHub()
    const device = await joined(hub)
    await hub.store.createWorkload(calls, actor)
    await wake(hub)
    expect(await told(device, 1)).toMatchObject({
      ...{ workload: 'calls', restart: 0, smoke: { baseline: null, mostWordErrors: 0.2, speedShare: 0.7 } },
      ...{ build: { id: 'test-e2b', label: 'Gemma 4 E2B, Q8_0' }, options: { context: 4096, pool: 'memory' } },
    })
    expect(await hub.store.assignments(device.id)).toMatchObject([
      { revision: 1, cause: 'first', actor: 'hub', decision: { outcome: { kind: 'assign', build: 'test-e2b' } } },
    ])
  })

  test.each([
    [true, 'is placed, whatever demo it serves'],
    [false, 'keeps what it serves by itself, and is proposed another'],
  ])('and serves something by itself (a demo: %s) %s', async (demo) => {
    const hub = await placingHub()
    const device = await joined(hub)
    const engine = { name: 'llama-server', version: '1', commit: null }
    const serving = { build: 'pocket', label: 'pocket', demo, state: 'ready' as const, since: 1, engine, failure: null }
    await device.report({ serving })
    await eventually('it is known', async () => (await hub.store.device(device.id))?.serving)
    await hub.store.createWorkload(calls, actor)
    await wake(hub)
    if (demo) expect(await told(device, 1)).toMatchObject({ build: { id: 'test-e2b' } })
    else await eventually('the proposal', async () => (await hub.store.proposals())[0]?.instead === 'pocket')
    expect((await hub.store.assignments(device.id)).length).toBe(demo ? 1 : 0)
  })

  test('and reports later is placed then; one that cannot carry any is shown with numbers', async () => {
    const hub = await placingHub()
    await hub.store.createWorkload(calls, actor)
    const small = await joined(hub, {
      memory: { totalBytes: 2e9 },
      storage: { path: '/', totalBytes: 250e9, freeBytes: 100e9 },
    })
    const device = await joined(hub)
    await told(device, 1)
    const [trouble] = await eventually('the trouble', async () => {
      const all = await hub.store.placementTrouble()
      return all.length > 0 && all
    })
    expect(trouble).toMatchObject({ deviceId: small.id, kind: 'refused', workloadId: 'calls' })
    expect(trouble?.detail).toMatchObject({ refusals: [{ code: 'memory-short', needBytes: expect.any(Number) }] })
    expect(small.assignment).toBeNull()
  })

  test('and that two workloads want is shown as a tie', async () => {
    const hub = await placingHub()
    const device = await joined(hub)
    await hub.store.createWorkload(calls, actor)
    await hub.store.createWorkload({ ...calls, id: 'tills' }, actor)
    await wake(hub)
    await eventually('the tie', async () => (await hub.store.placementTrouble())[0]?.kind === 'tie')
    expect((await hub.store.placementTrouble())[0]?.detail).toEqual({ priority: 0, workloads: ['calls', 'tills'] })
    expect(device.assignment).toBeNull()
  })
})

describe('a device that serves', () => {
  async function serving(build: string) {
    const hub = await placingHub()
    const device = await joined(hub)
    await eventually('its report', async () => (await hub.store.device(device.id))?.report)
    const { said } = await postHub(hub, '/assign', { deviceIds: [device.id], workload: null, build, plan: null, actor })
    expect(said).toEqual({ assigned: [{ deviceId: device.id, revision: 1, build }], refused: [], rollouts: [] })
    await told(device, 1)
    return { hub, device }
  }

  test('is proposed what is better, and gets it only when a person says so', async () => {
    const { hub, device } = await serving('test-e2b-lean')
    await hub.store.createWorkload({ ...calls, gainToChange: 0 }, actor)
    await wake(hub)
    await eventually('the proposal', async () => (await hub.store.proposals()).length === 1)
    expect(await hub.store.proposals()).toMatchObject([{ build: 'test-e2b', instead: 'test-e2b-lean' }])
    expect(device.assignment?.revision).toBe(1)
    const body = { deviceIds: [device.id], plan: null, actor }
    const { said } = await postHub(hub, '/proposals/accept', body)
    expect(said.assigned).toEqual([{ deviceId: device.id, revision: 2, build: 'test-e2b' }])
    expect(await told(device, 2)).toMatchObject({ workload: 'calls', build: { id: 'test-e2b' } })
    expect((await postHub(hub, '/proposals/accept', body)).said.refused).toMatchObject([{ code: 'no-proposal' }])
  })

  test('starts its engine anew when asked to, also after a restart of the hub', async () => {
    const { hub, device } = await serving('test-e2b')
    await device.report()
    const { said } = await postHub(hub, '/restart', { deviceIds: [device.id, 'nobody'], actor })
    expect(said).toMatchObject({
      assigned: [{ revision: 2 }],
      refused: [{ deviceId: 'nobody', code: 'device-unknown' }],
    })
    expect((await told(device, 2)).restart).toBe(1)
    await hub.close()
    const again = await testHub({ folder: hub.folder, env: { TRADEWIND_MQTTS_PORT: String(hub.ports.mqtts) } })
    const empty = device.clone()
    empty.start = 2
    await empty.connect()
    expect(await told(empty, 2)).toMatchObject({ restart: 1, build: { id: 'test-e2b' } })
    expect((await again.store.device(device.id))?.assignment?.latest?.cause).toBe('restart')
  })
})

describe('what a person asks for', () => {
  test('is refused for each device by itself, with codes and numbers', async () => {
    const hub = await placingHub()
    const [one, small] = [await joined(hub), await joined(hub, { memory: { totalBytes: 4e9 } })]
    const silent = await VirtualDevice.enrol(await hub.token())
    await eventually('their reports', async () => (await hub.store.placedIds()).length === 2)
    const ask = (more: object) => ({
      deviceIds: [one.id, small.id, silent.id],
      workload: null,
      plan: null,
      actor,
      ...more,
    })
    const { said } = await postHub(hub, '/assign', ask({ build: 'test-e2b' }))
    expect(said.assigned).toMatchObject([{ deviceId: one.id }])
    expect(said.refused).toMatchObject([
      { deviceId: small.id, build: 'test-e2b', code: 'memory-short', needBytes: expect.any(Number) },
      { deviceId: silent.id, code: 'no-report' },
    ])
    const open = await postHub(hub, '/assign', { ...ask({ build: 'e2b-q8_0' }), deviceIds: [one.id] })
    expect(open.said.refused).toMatchObject([{ code: 'files-unresolved' }])
    expect((await postHub(hub, '/assign', ask({ build: 'nonsense' }))).said).toMatchObject({ code: 'not-found' })
    expect((await postHub(hub, '/assign', ask({ build: null }))).status).toBe(400)
  })

  test('is told to browsers, to the page of the device as well', async () => {
    const hub = await placingHub()
    const [one, two] = [await joined(hub), await joined(hub)]
    await eventually('their reports', async () => (await hub.store.placedIds()).length === 2)
    const reply = await askHub(hub, `/events?device=${two.id}`)
    const reader = (reply.body as ReadableStream<Uint8Array>).getReader()
    const body = { deviceIds: [one.id, two.id], workload: null, build: 'test-e2b', plan: null, actor }
    await postHub(hub, '/assign', body)
    let text = ''
    while (!text.includes('event: assigned')) text += Buffer.from((await reader.read()).value ?? []).toString()
    expect(text).toContain(`event: assigned\ndata: {"deviceIds":["${two.id}"]}`)
    await reader.cancel()
  })
})

test('a changed workload without devices to change counts as placed at once; labels decide who is concerned', async () => {
  const hub = await placingHub()
  const device = await joined(hub)
  await hub.store.createWorkload({ ...calls, selects: { site: 'lyon' } }, actor)
  await wake(hub)
  await hub.store.changeWorkload({ ...calls, selects: { site: 'lyon' }, context: 8192 }, {}, actor)
  await wake(hub)
  await eventually('placed', async () => (await hub.store.workload('calls'))?.placedVersion === 2)
  expect(device.assignment).toBeNull()
  await hub.store.setLabels(device.id, { site: 'lyon' }, actor)
  await wake(hub)
  expect(await told(device, 1)).toMatchObject({ options: { context: 8192 } })
})

import { RolloutPlan } from '@tradewind/protocol'
import {
  askHub,
  eventually,
  Program,
  resolvedBuilds,
  type TestHub,
  testFolder,
  testHub,
  VirtualDevice,
} from '@tradewind/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'

/** Everything that is told from now on. */
async function listen(hub: TestHub, query = '') {
  const aborting = new AbortController()
  onTestFinished(() => aborting.abort())
  const reply = await askHub(hub, `/events${query}`, { signal: aborting.signal })
  const heard: { kind: string; data: Record<string, unknown> }[] = []
  const read = async () => {
    let text = ''
    for await (const part of reply.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(part).toString()
      const whole = text.split('\n\n')
      text = whole.pop() ?? ''
      for (const message of whole) {
        const [, kind, data] = /^event: (.*)\ndata: (.*)$/.exec(message) ?? []
        if (kind && data) heard.push({ kind, data: JSON.parse(data) })
      }
    }
  }
  read().catch(() => {}) // ends with the test
  return heard
}

test('whoever does not know the secret is refused, and the file with it is for this user only', async () => {
  const hub = await testHub()
  for (const authorization of ['', 'Bearer wrong'])
    expect((await askHub(hub, '/wake', { method: 'POST', headers: { authorization } })).status).toBe(401)
  const { statSync } = await import('node:fs')
  expect(statSync(`${hub.folder}/hub.local.json`).mode & 0o777).toBe(0o600)
})

test('what is stored is told: presence, samples, events', async () => {
  const hub = await testHub()
  const device = await VirtualDevice.enrol(await hub.token())
  const heard = await listen(hub)
  await device.connect()
  await device.tell(device.samples(3))
  const sample = await eventually('a sample', () => heard.find(({ kind }) => kind === 'sample'))
  expect(sample.data).toMatchObject({ deviceId: device.id, points: [{ cpuBusy: 0.5, temperatureC: null }] })
  expect(heard.find(({ kind }) => kind === 'presence')?.data).toMatchObject({ deviceId: device.id, state: 'online' })
  expect(heard.filter(({ kind }) => kind === 'event').map(({ data }) => data.code)).toContain('presence-online')
})

test('who wants to hear only of some things hears of nothing else', async () => {
  const hub = await testHub()
  const device = await VirtualDevice.enrol(await hub.token())
  const heard = await listen(hub, '?only=presence,fleet')
  await device.connect()
  await device.tell(device.samples(3))
  await eventually('the samples are stored', async () => (await hub.store.samplesOf(device.id, 0)).length === 3)
  await eventually('presence', () => heard.find(({ kind }) => kind === 'presence'))
  expect(heard.filter(({ kind }) => kind !== 'presence' && kind !== 'fleet')).toEqual([])
})

describe('a real agent', () => {
  test('sends every second while somebody watches, and not after', async () => {
    const { hub, id } = await withAgent()
    const aborting = new AbortController()
    const reply = await askHub(hub, `/events?device=${id}`, { signal: aborting.signal })
    const count = async () => (await hub.store.samplesOf(id, 0)).length
    const before = await count()
    await eventually('five samples', async () => (await count()) >= before + 5, 15_000)
    expect(reply.ok).toBe(true)
    aborting.abort()
  })

  test('answers with its log, and probes again', async () => {
    const { hub, id } = await withAgent()
    const ask = async (question: object) => {
      const body = JSON.stringify({ deviceId: id, question })
      return (await askHub(hub, '/ask', { method: 'POST', body })).json()
    }
    const logs = (await ask({ kind: 'logs', lines: 50 })) as { answer: { lines: string[] } }
    expect(logs.answer.lines.join('\n')).toContain('connected to the hub')
    const before = (await hub.store.device(id))?.report?.atMs ?? 0
    expect(await ask({ kind: 'probe' })).toMatchObject({ answer: { kind: 'probe', report: { agentVersion: '0.1.0' } } })
    await eventually('the new report is stored', async () => ((await hub.store.device(id))?.report?.atMs ?? 0) > before)
  })
})

test('a real agent that serves nothing says so to whoever tries it', async () => {
  const { hub, id } = await withAgent()
  const path = `/try?deviceId=${id}&actor=user:ada&language=en`
  const reply = await askHub(hub, path, { method: 'POST', body: new Uint8Array([1, 2, 3]) })
  expect(reply.status).toBe(409)
  expect(await reply.json()).toMatchObject({ code: 'not-serving', next: expect.any(String) })
})

test('a device that is not there is said to be unreachable; a question that is none is refused', async () => {
  const hub = await testHub()
  const device = await VirtualDevice.enrol(await hub.token())
  const ask = (body: object) => askHub(hub, '/ask', { method: 'POST', body: JSON.stringify(body) })
  const reply = await ask({ deviceId: device.id, question: { kind: 'probe' } })
  expect(reply.status).toBe(503)
  expect(await reply.json()).toMatchObject({ code: 'device-unreachable', detail: { why: 'not-connected' } })
  expect((await ask({ deviceId: device.id, question: { kind: 'nonsense' } })).status).toBe(400)
})

describe('a rollout', () => {
  const act = (hub: TestHub, path: string, body: object = { actor: 'user:ada' }) =>
    askHub(hub, `/rollouts/${path}`, { method: 'POST', body: JSON.stringify(body) })

  test('is paused and rolled on by people, and says what cannot be done', async () => {
    const hub = await testHub()
    await hub.store.setCatalogue(resolvedBuilds, 'test')
    const device = await VirtualDevice.enrol(await hub.token())
    const { id: deviceId } = device
    await device.connect()
    await device.tellFacts()
    const heard = await listen(hub)
    const { id } = await hub.rollouts.start({
      ...{ workloadId: null, workloadVersion: null, actor: 'user:ada', plan: RolloutPlan.parse({}) },
      targets: [{ deviceId, build: 'test-e2b' }],
    })
    const paused = await act(hub, `${id}/pause`)
    expect(await paused.json()).toMatchObject({ id, state: 'paused', members: [{ deviceId, name: 'virtual' }] })
    const again = await act(hub, `${id}/pause`)
    expect([again.status, await again.json()]).toMatchObject([409, { code: 'conflict', detail: { state: 'paused' } }])
    expect(await (await act(hub, `${id}/abort`)).json()).toMatchObject({ state: 'aborted', waiting: null })
    await eventually('told', () => heard.some(({ kind, data }) => kind === 'rollout' && data.state === 'aborted'))
  })

  test.each([
    ['nobody/pause', { actor: 'user:ada' }, 404, 'not-found'],
    ['nobody/explode', { actor: 'user:ada' }, 400, 'bad-request'],
    ['nobody/pause', {}, 400, 'bad-request'],
  ])('%s by %j is refused with %i', async (path, body, status, code) => {
    const reply = await act(await testHub(), path, body)
    expect([reply.status, await reply.json()]).toMatchObject([status, { code, next: expect.any(String) }])
  })
})

async function withAgent() {
  const hub = await testHub()
  const agent = Program.start('agent', {
    TRADEWIND_AGENT_DATA: testFolder('agent'),
    TRADEWIND_TOKEN: await hub.token(),
    TRADEWIND_SAMPLE_MS: '60000',
  })
  await agent.says('connected to the hub')
  const [device] = await hub.store.listDevices()
  const id = device?.id ?? ''
  await eventually('the first report', async () => (await hub.store.device(id))?.report)
  return { hub, id }
}

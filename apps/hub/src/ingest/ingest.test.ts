import { type Sample, topicOf } from '@tradewind/protocol'
import type { Store } from '@tradewind/store'
import { eventually, testHub, VirtualDevice } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

const refusals = async (store: Store, id: string) =>
  (await store.listEvents(id)).filter(({ code }) => code === 'message-refused').map(({ detail }) => detail)

describe('a message that cannot be taken is acknowledged, dropped and told', () => {
  test.each([
    ['not JSON', Buffer.from('{"v":1,'), 'not-json', /./],
    ['not UTF-8', Buffer.from([0xff, 0xfe, 0x00]), 'not-json', /./],
    ['of an unknown version', Buffer.from('{"v":99}'), 'unknown-version', /v=99/],
    ['without a version', Buffer.from('{}'), 'unknown-version', /./],
    ['too large', Buffer.alloc(65 * 1024, 0x20), 'too-large', /66560 bytes/],
    ['of another shape', Buffer.from('{"v":1,"stream":"abcdefgh","samples":[]}'), 'invalid', /boot/],
  ])('%s', async (_, payload, code, where) => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    const session = await device.connect()
    await session.publishRaw(topicOf(device.id, 'telemetry'), payload)
    const [refusal] = await eventually('told', async () => {
      const all = await refusals(hub.store, device.id)
      return all.length > 0 && all
    })
    expect(refusal).toMatchObject({ leaf: 'telemetry', code, where: expect.stringMatching(where) })
    await device.tell(device.samples(3)) // and the connection lives on
    expect(await hub.store.samplesOf(device.id, 0)).toHaveLength(3)
  })
})

describe('acknowledged means durable', () => {
  test('samples that are sent twice are stored once', async () => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    await device.connect()
    const batch = device.samples(10)
    await device.tell(batch)
    await device.tell(batch)
    await device.tell(device.samples(2))
    expect(await hub.store.samplesOf(device.id, 0)).toHaveLength(12)
  })

  test('work that is told twice is counted once, and an agent that tells of none is heard', async () => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    await device.connect()
    const batch = device.samples(3)
    batch.samples[1] = { ...(batch.samples[1] as Sample), work: { requests: 2, audioSeconds: 12.5, hearingSeconds: 5 } }
    await device.tell(batch)
    await device.tell(batch)
    while ((await hub.store.rollUp()) > 0);
    const span = { fromMs: 0, toMs: Date.now() + 1 }
    expect(await hub.store.workDone(span)).toMatchObject({ requests: 2, audioSeconds: 12.5, generatedTokens: 0 })
    const figures = (await hub.store.samplesOf(device.id, 0)).map((sample) => [
      sample.realTimeFactor,
      sample.tokensPerSecond,
    ])
    expect(figures).toEqual([
      [null, null],
      [0.4, null],
      [null, null],
    ])
    expect(await hub.store.workOf(device.id, span)).toEqual(await hub.store.workDone(span))
  })

  test('while the disk is full nothing is acknowledged, and afterwards everything is stored once and in order', async () => {
    let isFull = false
    const hub = await testHub({
      store: (real) => ({
        ...real,
        commit: (group) =>
          isFull ? Promise.reject(new Error('SQLITE_FULL: database or disk is full')) : real.commit(group),
      }),
    })
    const device = await VirtualDevice.enrol(await hub.token())
    await device.connect()
    await device.tell(device.samples(2))
    isFull = true
    const [early, late] = [device.samples(2), device.samples(2)]
    const told = await Promise.allSettled([device.tell(early), device.tell(late)])
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await hub.store.samplesOf(device.id, 0)).toHaveLength(2)
    isFull = false
    await device.connect()
    await device.tell(early)
    await device.tell(late)
    expect(await hub.store.samplesOf(device.id, 0)).toHaveLength(6)
  })

  test('a device whose clock is years off is dated by the hub', async () => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    await device.connect()
    const batch = device.samples(2)
    batch.sent.at = 86_400_000
    batch.samples.forEach((sample, i) => {
      sample.at = 86_400_000
      sample.mono = batch.sent.mono - 20_000 + i * 10_000
    })
    const before = Date.now()
    await device.tell(batch)
    const [first, second] = await hub.store.samplesOf(device.id, 0)
    expect(Math.abs((first?.atMs ?? 0) - (before - 20_000))).toBeLessThan(2_000)
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBe(10_000)
  })
})

test('a capability report that is sent with every connection is kept once', async () => {
  const hub = await testHub()
  const device = await VirtualDevice.enrol(await hub.token())
  const report = { at: 1, agentVersion: '1', deviceClass: 'v1:0123456789abcdef', facts: {}, unreadable: [] }
  for (let i = 0; i < 3; i++) {
    const session = await device.connect()
    await session.publish('capability', report)
    await session.end()
  }
  expect((await hub.store.device(device.id))?.report).toMatchObject({ atMs: 1 })
  expect((await hub.store.device(device.id))?.sync).toBe('registered')
})

test('a device that talks nonsense all the time is told of once, not with every message', async () => {
  const hub = await testHub()
  const device = await VirtualDevice.enrol(await hub.token())
  const session = await device.connect()
  for (let i = 0; i < 30; i++) await session.publishRaw(topicOf(device.id, 'event'), Buffer.from('nonsense'))
  await device.tell(device.samples())
  expect(await refusals(hub.store, device.id)).toHaveLength(1)
})

test('what a device measured and serves is stored before it is acknowledged', async () => {
  const hub = await testHub()
  const device = await VirtualDevice.enrol(await hub.token())
  const session = await device.connect()
  const engine = { name: 'llama-server', version: 'b7000', commit: null }
  const one = { build: 'e2b-q8_0', at: 5, deviceClass: 'v1:0123456789abcdef', engine, generationPerSecond: 11.8 }
  const serving = {
    build: 'e2b-q8_0',
    label: 'E2B',
    demo: false,
    state: 'ready' as const,
    since: 5,
    engine,
    failure: null,
  }
  await session.publish('measured', { builds: [one] })
  await session.publish('reported', { at: 5, revisionSeen: 0, revisionApplied: 0, failure: null, serving })
  expect(await hub.store.device(device.id)).toMatchObject({ measured: [one], serving })
})

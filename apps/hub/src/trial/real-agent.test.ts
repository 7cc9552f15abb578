import { readFileSync } from 'node:fs'
import { startAgent } from '@tradewind/agent/agent'
import type { EngineState } from '@tradewind/agent/engine/engine'
import { servingOf } from '@tradewind/agent/engine/serving'
import { readEnv } from '@tradewind/agent/env'
import type { Hear } from '@tradewind/agent/trial/trials'
import { eventually, type TestHub, testFolder, testHub } from '@tradewind/testkit'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'

const served = { build: 'e2b-q8_0', label: 'Gemma 4 E2B, Q8_0', demo: false }
const engine = { name: 'llama-server', version: 'b7000', commit: 'de3ff81' }
const hear: Hear = async (clip, { language }) => ({
  text: `${clip.length} bytes`,
  language,
  audioSeconds: 1,
  queueMs: 0,
  engineMs: 1,
  totalMs: 1,
  segments: [],
  build: served.build,
  demo: false,
})

test('a real agent says what it serves and measured, when it connects and at each change, and hears', async () => {
  const hub = await testHub()
  const agent = await startAgent({
    env: readEnv({
      TRADEWIND_AGENT_DATA: testFolder('agent'),
      TRADEWIND_TOKEN: await hub.token(),
      TRADEWIND_MEASURE: 'never',
    }),
    log: pino({ level: 'silent' }),
    lastLines: () => [],
    hear,
    takeWork: () => ({ requestsWaiting: 1, work: { requests: 1 } }),
  })
  onTestFinished(() => agent.stop())
  const say = (state: EngineState) => agent.sayServing(servingOf(served, state, engine, 7))
  const known = async () => {
    const [row] = await hub.store.listDevices()
    return row && hub.store.device(row.id)
  }
  const one = { build: served.build, at: 5, deviceClass: 'v1:0123456789abcdef', engine, generationPerSecond: 11.8 }
  agent.sayMeasured({ builds: [one] }) // whether or not there is a connection yet
  say({ is: 'loading', build: served.build, since: 5 })
  await eventually('loading', async () => (await known())?.serving?.state === 'loading')
  say({ is: 'ready', build: served.build, since: 6 })
  await eventually('ready', async () => (await known())?.serving?.state === 'ready')
  expect(await known()).toMatchObject({
    serving: { ...served, since: 6, engine, failure: null },
    measured: [one],
  })
  const { id = '' } = (await known()) ?? {}
  expect(await tryIt(hub, id)).toMatchObject({ heard: { text: '3 bytes', language: 'es', cut: false } })

  const [sample] = await eventually('sampled', async () => {
    const samples = await hub.store.samplesOf(id, 0)
    return samples.length > 0 && samples
  })
  expect(sample).toMatchObject({ requestsWaiting: 1, tokensPerSecond: null })
  await hub.store.rollUp()
  expect((await hub.store.workDone({ fromMs: 0, toMs: Date.now() + 1 })).requests).toBeGreaterThan(0)

  say({ is: 'failed', build: served.build, since: 8, failure: { code: 'hung', detail: {} }, retryAt: 9 })
  await eventually('failed', async () => (await known())?.serving?.failure?.code === 'hung')
  agent.sayServing(undefined)
  await eventually('nothing', async () => (await known())?.serving === null)
})

async function tryIt({ folder }: TestHub, deviceId: string): Promise<unknown> {
  const { port, secret } = JSON.parse(readFileSync(`${folder}/hub.local.json`, 'utf8'))
  const query = new URLSearchParams({ deviceId, actor: 'user:ada@example.com', language: 'es' })
  const headers = { authorization: `Bearer ${secret}` }
  const init = { method: 'POST', headers, body: new Uint8Array([1, 2, 3]) }
  return (await fetch(`http://127.0.0.1:${port}/try?${query}`, init)).json()
}

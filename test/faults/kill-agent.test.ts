import { eventually, HubProgram, Program, storedSamples, testFolder } from '@tradewind/testkit'
import { expect, test } from 'vitest'

test('kill -9 of the agent, again and again: nothing acknowledged is missing, nothing is doubled', async () => {
  const folder = testFolder('kill-agent')
  const hub = await HubProgram.start(folder)
  const token = await hub.token()
  const data = testFolder('agent')
  const start = () =>
    Program.start('agent', {
      TRADEWIND_AGENT_DATA: data,
      TRADEWIND_TOKEN: token,
      TRADEWIND_SAMPLE_MS: '100',
      TRADEWIND_BATCH_MS: '200',
    })

  const rounds = 8
  for (let round = 0; round < rounds; round++) {
    const agent = start()
    await agent.says('connected to the hub')
    await new Promise((resolve) => setTimeout(resolve, 1_500 + Math.random() * 700))
    await agent.signal('SIGKILL')
  }
  const last = start()
  await last.says('connected to the hub')
  await eventually('the last start has spoken', () => storedSamples(folder).size === rounds + 1, 20_000)
  await last.signal('SIGTERM')
  await hub.stop()

  const stored = storedSamples(folder)
  expect(stored.size).toBe(rounds + 1)
  for (const [stream, seqs] of stored) {
    expect(
      [...seqs.values()].filter((times) => times > 1),
      `${stream} doubled`,
    ).toEqual([])
    // what was acknowledged came before the newest that is stored: a hole would be a loss
    expect(
      [...seqs.keys()].sort((a, b) => a - b),
      `${stream} has holes`,
    ).toEqual(Array.from({ length: seqs.size }, (_, i) => i + 1))
  }
}, 120_000)

test('SIGTERM tells all that is in memory before it says goodbye, in under two seconds', async () => {
  const folder = testFolder('stop-agent')
  const hub = await HubProgram.start(folder)
  const store = await hub.store()
  const agent = Program.start('agent', {
    TRADEWIND_AGENT_DATA: testFolder('agent'),
    TRADEWIND_TOKEN: await hub.token(),
    TRADEWIND_SAMPLE_MS: '100',
    TRADEWIND_BATCH_MS: '60000',
  })
  await agent.says('connected to the hub')
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  const before = Date.now()
  await agent.signal('SIGTERM')
  await eventually('disconnected', async () => (await store.listDevices())[0]?.presence?.state === 'disconnected')
  expect(Date.now() - before).toBeLessThan(2_000)
  const [seqs] = storedSamples(folder).values()
  expect(seqs?.size).toBeGreaterThan(10)
  await hub.stop()
}, 60_000)

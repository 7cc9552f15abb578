import { readFileSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import path from 'node:path'
import { eventually, HubProgram, Program, testFolder } from '@tradewind/testkit'
import { expect, onTestFinished, test } from 'vitest'

test('a device that freezes, and one whose cable is cut, are shown lost in under 60 s', async () => {
  const hub = await HubProgram.start(testFolder('presence'))
  const store = await hub.store()
  const stateOf = async (id: string) => (await store.device(id))?.presence?.state
  const frozen = await startAgent(hub)
  const cable = await startCable(hub.ports.mqtts)
  const cut = await startAgent(hub, cable.port)
  for (const { id } of [frozen, cut]) await eventually('online', async () => (await stateOf(id)) === 'online')

  const since = Date.now()
  await frozen.agent.signal('SIGSTOP')
  cable.cut()
  for (const { id } of [frozen, cut]) await eventually('lost', async () => (await stateOf(id)) === 'lost', 60_000)
  const seconds = (Date.now() - since) / 1000
  expect(seconds).toBeLessThan(60)
  console.log(`both lost after ${seconds.toFixed(1)} s`)

  await frozen.agent.signal('SIGCONT')
  cable.mend()
  for (const { id } of [frozen, cut])
    await eventually('online again', async () => (await stateOf(id)) === 'online', 45_000)
}, 180_000)

test('a device that stays away after a crash of the hub is shown lost in under 60 s, without any will', async () => {
  const hub = await HubProgram.start(testFolder('presence'))
  const store = await hub.store()
  const { agent, id } = await startAgent(hub)
  const state = async () => (await store.device(id))?.presence?.state
  await eventually('online', async () => (await state()) === 'online')
  await hub.kill()
  await agent.signal('SIGKILL')
  await hub.start()
  await eventually('lost', async () => (await state()) === 'lost', 60_000)
}, 120_000)

/** An agent that is enrolled and connected, by way of `mqttPort` when given. */
async function startAgent(hub: HubProgram, mqttPort?: number) {
  const data = testFolder('agent')
  const env = { TRADEWIND_AGENT_DATA: data, TRADEWIND_TOKEN: await hub.token(), TRADEWIND_SAMPLE_MS: '1000' }
  const first = Program.start('agent', env)
  await first.says('connected to the hub')
  const file = path.join(data, 'enrolled.json')
  const enrolled = JSON.parse(readFileSync(file, 'utf8'))
  if (mqttPort === undefined) return { agent: first, id: enrolled.deviceId as string }
  await first.signal('SIGTERM')
  writeFileSync(file, JSON.stringify({ ...enrolled, hub: { ...enrolled.hub, mqttPort } }))
  const agent = Program.start('agent', env)
  await agent.says('connected to the hub')
  return { agent, id: enrolled.deviceId as string }
}

/** A cable to the broker that can be cut: bytes stop, and neither end is told. */
async function startCable(to: number) {
  let isCut = false
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1')
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => isCut || into.write(bytes))
      from.on('error', () => {})
      from.on('close', () => isCut || into.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return {
    port: (server.address() as { port: number }).port,
    cut: () => {
      isCut = true
    },
    mend: () => {
      isCut = false
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
  }
}

import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { eventually, freePort, Program, testFolder, testHub } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

const start = (env: Record<string, string | undefined>) =>
  Program.start('agent', { TRADEWIND_SAMPLE_MS: '200', TRADEWIND_BATCH_MS: '400', ...env })

describe('an agent that needs a person ends with 78 and says what to do', () => {
  test('when it has no token', async () => {
    const agent = start({ TRADEWIND_AGENT_DATA: testFolder('agent') })
    expect(await agent.ended).toBe(78)
    expect(agent.said).toMatch(/error not-enrolled: .*\n {2}Make a token \(tradewind token create\)/)
  })

  test('when its token was used before', async () => {
    const hub = await testHub()
    const token = await hub.token()
    await start({ TRADEWIND_AGENT_DATA: testFolder('agent'), TRADEWIND_TOKEN: token }).says('enrolled')
    const second = start({ TRADEWIND_AGENT_DATA: testFolder('agent'), TRADEWIND_TOKEN: token })
    expect(await second.ended).toBe(78)
    expect(second.said).toContain('error token-used: That enrolment token was used before; each works once.')
  })

  test('when its data folder is not a folder', async () => {
    const file = path.join(testFolder('agent'), 'data')
    writeFileSync(file, 'in the way')
    const agent = start({ TRADEWIND_AGENT_DATA: file, TRADEWIND_TOKEN: 'tw1_x' })
    expect(await agent.ended).toBe(78)
    expect(agent.said).toMatch(/error EEXIST: [^\n]*\n {2}Look at .*: is it there, writable, and the disk not full\?/)
  })

  test('when what it remembers of its enrolment is damaged: it is not silently enrolled anew', async () => {
    const data = testFolder('agent')
    writeFileSync(path.join(data, 'enrolled.json'), '{"deviceId":"abc"')
    const agent = start({ TRADEWIND_AGENT_DATA: data, TRADEWIND_TOKEN: 'tw1_x' })
    expect(await agent.ended).toBe(78)
    expect(agent.said).toMatch(/error identity-damaged: .*enrolled\.json makes no sense/)
  })

  test('when it was revoked', async () => {
    const hub = await testHub()
    const data = testFolder('agent')
    const agent = start({ TRADEWIND_AGENT_DATA: data, TRADEWIND_TOKEN: await hub.token() })
    await agent.says('connected to the hub')
    const [device] = await hub.store.listDevices()
    await hub.store.revokeDevice(device?.id ?? '', 'test')
    const { port, secret } = JSON.parse(readFileSync(path.join(hub.folder, 'hub.local.json'), 'utf8'))
    await fetch(`http://127.0.0.1:${port}/wake`, { method: 'POST', headers: { authorization: `Bearer ${secret}` } })
    expect(await agent.ended).toBe(78)
    expect(agent.said).toContain('error device-revoked')
  })
})

test('of two agents with one identity the one that started later stays, the other says why and stops', async () => {
  const hub = await testHub()
  const [one, two] = [testFolder('agent'), testFolder('copy')]
  const first = start({ TRADEWIND_AGENT_DATA: one, TRADEWIND_TOKEN: await hub.token() })
  await first.says('connected to the hub')
  cpSync(one, two, { recursive: true })
  const second = start({ TRADEWIND_AGENT_DATA: two })
  await second.says('connected to the hub')
  expect(await first.ended).toBe(78)
  expect(first.said).toContain('error identity-superseded')
  expect(second.process.exitCode).toBeNull()
})

test('an older copy of a card counts on from where the hub has seen it, and loses nothing', async () => {
  const hub = await testHub()
  const [data, backup] = [testFolder('agent'), testFolder('backup')]
  const env = { TRADEWIND_AGENT_DATA: data, TRADEWIND_TOKEN: await hub.token() }
  for (let i = 0; i < 3; i++) {
    const agent = start(env)
    await agent.says('connected to the hub')
    await agent.signal('SIGTERM')
    if (i === 0) cpSync(data, backup, { recursive: true })
  }
  const restored = start({ TRADEWIND_AGENT_DATA: backup })
  await restored.says(/connected to the hub/, 20_000)
  const [device] = await hub.store.listDevices()
  await eventually('start 4', async () => (await hub.store.device(device?.id ?? ''))?.start === 4)
})

test('a hub that is not there yet is waited for', async () => {
  const folder = testFolder('hub')
  const hub = await testHub({ folder })
  const data = testFolder('agent')
  const agent = start({ TRADEWIND_AGENT_DATA: data, TRADEWIND_TOKEN: await hub.token() })
  await agent.says('connected to the hub')
  await agent.signal('SIGTERM')
  await hub.close()
  const early = start({ TRADEWIND_AGENT_DATA: data })
  await early.says('no connection to the hub')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  await early.signal('SIGTERM')
  expect(early.process.exitCode).toBe(0)
})

test('a hub whose port is taken says which, and how to choose another', async () => {
  const port = await freePort()
  const { createServer } = await import('node:net')
  const other = createServer().listen(port, '127.0.0.1')
  const env = {
    TRADEWIND_DATA: testFolder('hub'),
    TRADEWIND_BIND: '127.0.0.1',
    TRADEWIND_HTTPS_PORT: '0',
    TRADEWIND_MQTTS_PORT: String(port),
  }
  const hub = Program.start('hub', env)
  expect(await hub.ended).toBe(1)
  expect(hub.said).toContain(`port-in-use: another program listens on port ${port}`)
  other.close()
})

import { execFile, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { topicOf } from '@tradewind/protocol'
import { eventually, type TestHub, testFolder, testHub, VirtualDevice } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

const isInstalled = spawnSync('mosquitto_pub', ['--help']).error === undefined

describe.skipIf(!isInstalled)("mosquitto's own clients over TLS", () => {
  test('publish with a valid device password, and what they say is stored', async () => {
    const { hub, device } = await world()
    const presence = JSON.stringify({ v: 1, state: 'online', start: 1, session: 1, at: Date.now() })
    const said = await mosquitto('pub', hub, device, [
      '-q',
      '1',
      '-r',
      '-t',
      topicOf(device.id, 'presence'),
      '-m',
      presence,
    ])
    expect(said).toMatchObject({ code: 0 })
    expect((await hub.store.device(device.id))?.presence?.state).toBe('online')
  })

  test('subscribe to their own desired and get it at once', async () => {
    const { hub, device } = await world()
    const said = await mosquitto('sub', hub, device, [
      '-q',
      '1',
      '-C',
      '1',
      '-W',
      '10',
      '-t',
      topicOf(device.id, 'desired'),
    ])
    expect(JSON.parse(said.stdout)).toMatchObject({ v: 1, revision: 0, leaseMs: 0 })
  })

  test('are refused on foreign leaves', async () => {
    const { hub, device } = await world()
    const victim = await VirtualDevice.enrol(await hub.token())
    const published = await mosquitto('pub', hub, device, ['-q', '1', '-t', topicOf(victim.id, 'presence'), '-m', '{}'])
    expect(published.code).not.toBe(0)
    const heard = await mosquitto('sub', hub, device, ['-W', '3', '-t', topicOf(victim.id, 'desired')])
    expect(heard).toMatchObject({ stdout: '' })
    expect(heard.stderr).toMatch(/denied|rejected|refused/i)
    await eventually('both told', async () => {
      const codes = (await hub.store.listEvents(device.id)).map(({ detail }) => detail.code)
      return codes.includes('wrong-device') && codes.includes('foreign-subscription')
    })
  })

  test('are refused with a wrong password', async () => {
    const { hub, device } = await world()
    const said = await mosquitto(
      'pub',
      hub,
      device,
      ['-q', '1', '-t', topicOf(device.id, 'event'), '-m', '{}'],
      'wrong',
    )
    expect(said.code).not.toBe(0)
    expect(said.stderr).toMatch(/not authori[sz]ed|refused/i)
  })
})

async function world() {
  const hub = await testHub()
  return { hub, device: await VirtualDevice.enrol(await hub.token()) }
}

async function mosquitto(what: 'pub' | 'sub', hub: TestHub, device: VirtualDevice, args: string[], password?: string) {
  const ca = path.join(testFolder('ca'), 'ca.pem')
  writeFileSync(ca, hub.caPem)
  const who = ['-i', device.id, '-u', device.id, '-P', password ?? (await device.password())]
  const where = ['-h', 'localhost', '-p', String(hub.ports.mqtts), '--cafile', ca]
  return new Promise<{ code: number | string; stdout: string; stderr: string }>((resolve) => {
    execFile(`mosquitto_${what}`, [...where, ...who, ...args], { timeout: 20_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? 1) : 0, stdout, stderr }),
    )
  })
}

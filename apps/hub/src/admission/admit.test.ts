import { generateKeyPairSync } from 'node:crypto'
import { signPassword } from '@tradewind/agent/link/password'
import { Refused } from '@tradewind/agent/link/session'
import { eventually, testHub, VirtualClock, VirtualDevice } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

const codeOf = async (device: VirtualDevice, password?: string) =>
  ((await device.standing(password)).json as { code?: string }).code

describe('a password', () => {
  test('signed by the device lets it in', async () => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    await device.connect()
    await eventually('online', async () => (await hub.store.device(device.id))?.presence?.state === 'online')
  })

  test('signed by another key is forged, and HTTP says so', async () => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    const thief = generateKeyPairSync('ed25519').privateKey
    const forged = await signPassword(thief, { deviceId: device.id, start: 9, run: 'abcdefgh', nowMs: Date.now() })
    await expect(device.connect({ password: forged })).rejects.toThrow(Refused)
    expect(await codeOf(device, forged)).toBe('password-forged')
  })

  test.each([
    [-130, 'password-stale'],
    [130, 'password-stale'],
    [-110, undefined],
    [110, undefined],
  ])('made %i s from the hub time gives %s', async (seconds, code) => {
    const clock = new VirtualClock()
    const hub = await testHub({ now: clock.now })
    const device = await VirtualDevice.enrol(await hub.token())
    const password = await device.password(clock.now() + seconds * 1000)
    expect(await codeOf(device, password)).toBe(code)
    if (code) await expect(device.connect({ password })).rejects.toThrow(Refused)
  })

  test('of another device does not open this one', async () => {
    const hub = await testHub()
    const [one, two] = [await VirtualDevice.enrol(await hub.token()), await VirtualDevice.enrol(await hub.token())]
    await expect(one.connect({ password: await two.password() })).rejects.toThrow(Refused)
  })

  test.each(['', 'x', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.'])('that is none (%j) is refused', async (password) => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    await expect(device.connect({ password })).rejects.toThrow(Refused)
    expect(await codeOf(device, password)).toBe('device-unknown')
  })

  test('of a revoked device is refused, and its connection ends at once', async () => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    const session = await device.connect()
    await hub.store.revokeDevice(device.id, 'test')
    await wake(hub)
    await session.closed
    expect(await codeOf(device)).toBe('device-revoked')
    await eventually('the event', async () =>
      (await hub.store.listEvents(device.id)).some(({ code }) => code === 'revoked'),
    )
    await expect(device.connect()).rejects.toThrow(Refused)
  })
})

describe('two agents with one identity', () => {
  test('the higher start wins; the other learns why', async () => {
    const hub = await testHub()
    const first = await VirtualDevice.enrol(await hub.token())
    const old = await first.connect()
    const second = first.clone()
    second.start = 2
    await second.connect()
    await old.closed
    await expect(first.connect()).rejects.toThrow(Refused)
    expect(await codeOf(first)).toBe('identity-superseded')
    await eventually('an event for people', async () =>
      (await hub.store.listEvents(first.id)).some(({ code }) => code === 'identity-conflict'),
    )
  })

  test('with the same start, the one that is connected stays', async () => {
    const hub = await testHub()
    const first = await VirtualDevice.enrol(await hub.token())
    await first.connect()
    const copy = first.clone()
    await expect(copy.connect()).rejects.toThrow(Refused)
    expect(await codeOf(copy)).toBe('identity-superseded')
  })

  test('an older copy of a card, alone, is told where to count on', async () => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    device.start = 7
    const session = await device.connect()
    await session.end()
    const copy = device.clone()
    copy.start = 3
    const answer = await eventually('told', async () => {
      const { json } = await copy.standing()
      return (json as { code?: string }).code === 'start-behind' && json
    })
    expect(answer).toMatchObject({ detail: { latestStart: 7 } })
    copy.start = 8
    await copy.connect()
  })
})

/** As the dashboard does after it has written something. */
async function wake({ folder }: { folder: string }) {
  const { readFileSync } = await import('node:fs')
  const { port, secret } = JSON.parse(readFileSync(`${folder}/hub.local.json`, 'utf8'))
  const reply = await fetch(`http://127.0.0.1:${port}/wake`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
  })
  expect(reply.status).toBe(204)
}

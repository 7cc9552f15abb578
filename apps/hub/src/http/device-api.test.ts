import { generateKeyPairSync } from 'node:crypto'
import { EnrolError } from '@tradewind/agent/identity/enrol-error'
import { publicJwk } from '@tradewind/agent/identity/identity'
import { hubRequest } from '@tradewind/agent/link/hub-http'
import { readEnrolToken, writeEnrolToken } from '@tradewind/protocol'
import { type TestHub, testHub, VirtualDevice } from '@tradewind/testkit'
import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'enrolled',
    (error) => (error instanceof EnrolError ? error.code : String(error)),
  )

describe('enrolment', () => {
  test('a token works once; the device that lost the answer asks again and is the same', async () => {
    const hub = await testHub()
    const token = await hub.token()
    const key = generateKeyPairSync('ed25519').privateKey
    const device = await VirtualDevice.enrol(token, key)
    const again = await VirtualDevice.enrol(token, key)
    expect(again.id).toBe(device.id)
    expect(await codeOf(VirtualDevice.enrol(token))).toBe('token-used')
    expect(await hub.store.listDevices()).toHaveLength(1)
  })

  test('expired, revoked, unknown and mangled tokens are each refused by name', async () => {
    const hub = await testHub()
    const make = (lifeMs: number) => hub.store.createEnrolToken({ note: '', lifeMs, actor: 'test' })
    expect(await codeOf(VirtualDevice.enrol((await make(-1)).text))).toBe('token-expired')
    const revoked = await make(60_000)
    await hub.store.revokeEnrolToken(revoked.id, 'test')
    expect(await codeOf(VirtualDevice.enrol(revoked.text))).toBe('token-revoked')
    const real = readEnrolToken(await hub.token())
    if (!real.ok) throw new Error('unreadable')
    const unknown = writeEnrolToken({ ...real.value, secret: 'x'.repeat(32) })
    expect(await codeOf(VirtualDevice.enrol(unknown))).toBe('token-unknown')
    expect(await codeOf(VirtualDevice.enrol('tw1_nonsense'))).toBe('token-unreadable')
  })

  test('another hub at the same address is not trusted', async () => {
    const hub = await testHub()
    const real = readEnrolToken(await hub.token())
    if (!real.ok) throw new Error('unreadable')
    const elsewhere = writeEnrolToken({ ...real.value, caSha256: '0'.repeat(64) })
    expect(await codeOf(VirtualDevice.enrol(elsewhere))).toBe('wrong-hub')
  })

  test('a token for a device replaces its key; the old key is superseded', async () => {
    const hub = await testHub()
    const oldKey = generateKeyPairSync('ed25519').privateKey
    const device = await VirtualDevice.enrol(await hub.token(), oldKey)
    const heir = await VirtualDevice.enrol(await hub.token(device.id))
    expect(heir.id).toBe(device.id)
    await heir.connect()
    expect(await codeOf(VirtualDevice.enrol(await hub.token(), oldKey))).toBe('identity-superseded')
  })

  test('without a token a device waits until a person approves or refuses it', async () => {
    const hub = await testHub()
    const key = generateKeyPairSync('ed25519').privateKey
    expect(await ask(hub, key)).toMatchObject({ status: 202, json: { state: 'awaiting-approval' } })
    const [parked] = await hub.store.listParked()
    await hub.store.refuseParked(parked?.fingerprint ?? '', 'test')
    expect(await ask(hub, key)).toMatchObject({ status: 403, json: { code: 'enrolment-refused' } })
    await hub.store.approveParked(parked?.fingerprint ?? '', 'test')
    expect(await ask(hub, key)).toMatchObject({ status: 200, json: { state: 'enrolled' } })
  })

  test('whoever asks too often is told when to come back', async () => {
    const hub = await testHub()
    const codes = new Set<number>()
    for (let i = 0; i < 250; i++) codes.add((await post(hub, 'nonsense')).status)
    expect([...codes].sort()).toEqual([400, 429])
  })

  test('a request signed by another key than it carries is refused', async () => {
    const hub = await testHub()
    const [mine, yours] = [generateKeyPairSync('ed25519').privateKey, generateKeyPairSync('ed25519').privateKey]
    const body = await new SignJWT({ name: 'x', agentVersion: '1', hints: {} })
      .setProtectedHeader({ alg: 'EdDSA', jwk: publicJwk(yours) })
      .sign(mine)
    expect(await post(hub, body)).toMatchObject({ status: 401, json: { code: 'bad-signature' } })
  })

  test('a request beyond 16 KiB is refused', async () => {
    const hub = await testHub()
    expect(await post(hub, 'x'.repeat(17_000))).toMatchObject({ status: 400, json: { code: 'bad-request' } })
  })
})

test('time, health and metrics answer', async () => {
  const hub = await testHub()
  const get = (path: string) => hubRequest(`https://127.0.0.1:${hub.ports.https}${path}`, { caPem: hub.caPem })
  expect(Math.abs(((await get('/time')).json as { now: number }).now - Date.now())).toBeLessThan(5_000)
  expect((await get('/healthz')).json).toEqual({ ok: true })
  expect((await get('/metrics')).body).toContain('tradewind_devices{connected="yes"} 0')
  expect(await get('/nothing')).toMatchObject({ status: 404, json: { code: 'not-found' } })
})

const post = (hub: TestHub, body: string) =>
  hubRequest(`https://127.0.0.1:${hub.ports.https}/enrol`, { caPem: hub.caPem, method: 'POST', body })

const ask = async (hub: TestHub, key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
  post(
    hub,
    await new SignJWT({ name: 'unasked', agentVersion: '1', hints: {} })
      .setProtectedHeader({ alg: 'EdDSA', jwk: publicJwk(key) })
      .sign(key),
  )

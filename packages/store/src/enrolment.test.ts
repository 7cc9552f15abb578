import { readEnrolToken } from '@tradewind/protocol'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parkingPlaces, UsageError } from './enrolment'
import { openStore, type Store } from './open'
import { hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const hour = 3_600_000
let store: Store

beforeEach(async () => {
  store = await openStore(newFile(folder))
  await store.setHubInfo(hub)
})
afterEach(() => store.close())

const thumbprintOf = (key: string) => Buffer.from(key.padEnd(32, '.')).toString('base64url')
const fingerprintOfKey = (key: string) =>
  Buffer.from(key.padEnd(32, '.')).toString('hex').slice(0, 20).match(/.{4}/g)?.join('-') ?? ''

const ask = (publicKey: string, secret?: string, name = 'till-7') =>
  store.enrol({
    publicKey,
    thumbprint: thumbprintOf(publicKey),
    claims: { name, agentVersion: '0.1.0', hints: { board: 'Raspberry Pi 5' }, ...(secret ? { secret } : {}) },
    address: '192.168.1.31',
  })

async function token(more: { lifeMs?: number; forDevice?: string } = {}) {
  const { id, text } = await store.createEnrolToken({ note: 'shop', lifeMs: hour, actor: 'user:ann', ...more })
  const read = readEnrolToken(text)
  if (!read.ok) throw new Error('the token does not read back')
  return { id, secret: read.value.secret }
}

async function enrolled(key: string) {
  const outcome = await ask(key, (await token()).secret)
  if (outcome.state !== 'enrolled') throw new Error(`not let in: ${JSON.stringify(outcome)}`)
  return outcome.deviceId
}

const actions = async () => (await store.listAudit()).map(({ actor, action }) => `${actor} ${action}`).sort()

describe('a token', () => {
  test('carries the hub’s address and CA, and is listed without its secret', async () => {
    const before = Date.now()
    const made = await store.createEnrolToken({ note: 'shop', lifeMs: hour, actor: 'user:ann' })
    const read = readEnrolToken(made.text)
    expect(read).toMatchObject({ ok: true, value: { urls: hub.urls, caSha256: hub.caSha256 } })
    const [row] = await store.listEnrolTokens()
    expect(row).toMatchObject({ id: made.id, note: 'shop', state: 'open', createdBy: 'user:ann', usedBy: null })
    expect(row?.expiresMs).toBe(made.expiresMs)
    expect(made.expiresMs).toBeGreaterThanOrEqual(before + hour)
    expect(read.ok && JSON.stringify(row).includes(read.value.secret)).toBe(false)
    expect(await actions()).toEqual(['user:ann token-created'])
  })

  test('needs a hub, and a device that exists', async () => {
    const empty = await openStore(newFile(folder))
    const making = empty.createEnrolToken({ note: '', lifeMs: hour, actor: 'up' })
    await expect(making).rejects.toThrow(UsageError)
    await empty.close()
    await expect(token({ forDevice: 'nobody' })).rejects.toThrow('there is no device nobody')
    expect(await store.listEnrolTokens()).toEqual([])
  })

  test('lets one key in, once', async () => {
    const { id, secret } = await token()
    const outcome = await ask('key-a', secret)
    expect(outcome).toEqual({ state: 'enrolled', deviceId: expect.stringMatching(/^[a-z0-9]{12}$/), how: 'new' })
    expect(await ask('key-b', secret)).toEqual({ state: 'refused', code: 'token-used' })
    const deviceId = outcome.state === 'enrolled' && outcome.deviceId
    expect(await store.listEnrolTokens()).toMatchObject([{ id, state: 'used', usedBy: deviceId }])
    expect(await store.listDevices()).toMatchObject([{ id: deviceId, num: 1, name: 'till-7' }])
    expect(await actions()).toEqual([`token:${id} device-enrolled`, 'user:ann token-created'])
  })

  test('asked again by the same key, answers the same', async () => {
    const { secret } = await token()
    const first = await ask('key-a', secret)
    expect(await ask('key-a', secret)).toEqual({ ...first, how: 'again' })
    expect(await ask('key-a')).toEqual({ ...first, how: 'again' })
    expect(await store.listDevices()).toHaveLength(1)
    expect(await actions()).toHaveLength(2)
  })

  test('used by two keys at the same time, lets one in', async () => {
    const { secret } = await token()
    const outcomes = await Promise.all(['key-a', 'key-b', 'key-c'].map((key) => ask(key, secret)))
    expect(outcomes.filter(({ state }) => state === 'enrolled')).toHaveLength(1)
    expect(outcomes.filter(({ state }) => state === 'refused')).toEqual(
      Array(2).fill({ state: 'refused', code: 'token-used' }),
    )
    expect(await store.listDevices()).toHaveLength(1)
  })

  test('expired is refused', async () => {
    const { secret } = await token({ lifeMs: -1 })
    expect(await ask('key-a', secret)).toEqual({ state: 'refused', code: 'token-expired' })
    expect(await store.listEnrolTokens()).toMatchObject([{ state: 'expired' }])
  })

  test('revoked is refused, and can be revoked once and only unused', async () => {
    const { id, secret } = await token()
    expect(await store.revokeEnrolToken(id, 'user:bob')).toBe(true)
    expect(await store.revokeEnrolToken(id, 'user:bob')).toBe(false)
    expect(await store.revokeEnrolToken('nobody', 'user:bob')).toBe(false)
    expect(await ask('key-a', secret)).toEqual({ state: 'refused', code: 'token-revoked' })
    expect(await store.listEnrolTokens()).toMatchObject([{ state: 'revoked' }])
    expect(await actions()).toEqual(['user:ann token-created', 'user:bob token-revoked'])
    const spent = await token()
    await ask('key-b', spent.secret)
    expect(await store.revokeEnrolToken(spent.id, 'user:bob')).toBe(false)
  })

  test('never made here is refused, and nobody is parked for it', async () => {
    expect(await ask('key-a', 'x'.repeat(32))).toEqual({ state: 'refused', code: 'token-unknown' })
    expect(await store.listParked()).toEqual([])
  })
})

describe('a device that is taken over', () => {
  test('keeps its id, number and name; its old key is told so', async () => {
    const id = await enrolled('key-old')
    await store.renameDevice(id, 'Front till', 'user:ann')
    const { secret } = await token({ forDevice: id })
    expect(await ask('key-new', secret, 'raspberrypi')).toEqual({ state: 'enrolled', deviceId: id, how: 'taken-over' })
    expect(await ask('key-old')).toEqual({ state: 'refused', code: 'identity-superseded' })
    expect(await store.listDevices()).toMatchObject([{ id, num: 1, name: 'Front till' }])
    expect(await store.roster()).toMatchObject([{ deviceId: id, publicKey: 'key-new' }])
    const keys = (await store.device(id))?.keys
    expect(keys).toHaveLength(2)
    expect(keys?.filter(({ replacedMs }) => replacedMs === null)).toHaveLength(1)
    expect(await actions()).toContainEqual(expect.stringMatching(/^token:.* device-taken-over$/))
  })

  test('counts its starts from one again', async () => {
    const id = await enrolled('key-old')
    const presence = { deviceId: id, state: 'online' as const, start: 40, session: 2, sinceMs: 1000 }
    await store.commit({ batches: [], events: [], presences: [presence], reports: [], reported: [], measured: [] })
    await ask('key-new', (await token({ forDevice: id })).secret)
    expect(await store.roster()).toMatchObject([{ deviceId: id, presence: null }])
  })

  test('cannot be one that was revoked', async () => {
    const id = await enrolled('key-old')
    const { secret } = await token({ forDevice: id })
    expect(await store.revokeDevice(id, 'user:ann')).toBe(true)
    expect(await ask('key-new', secret)).toEqual({ state: 'refused', code: 'device-revoked' })
    expect(await ask('key-old')).toEqual({ state: 'refused', code: 'device-revoked' })
  })
})

describe('without a token', () => {
  test('a device waits, under the fingerprint of its key, however often it asks', async () => {
    expect(await ask('key-a')).toEqual({ state: 'awaiting-approval' })
    expect(await ask('key-a', undefined, 'till-8')).toEqual({ state: 'awaiting-approval' })
    const parked = await store.listParked()
    expect(parked).toMatchObject([
      {
        publicKey: 'key-a',
        fingerprint: fingerprintOfKey('key-a'),
        name: 'till-8',
        board: 'Raspberry Pi 5',
        refusedMs: null,
      },
    ])
    expect(parked[0]?.lastMs).toBeGreaterThanOrEqual(parked[0]?.firstMs ?? Number.POSITIVE_INFINITY)
    expect(await store.listDevices()).toEqual([])
  })

  test('approved, it is let in when it asks the next time', async () => {
    await ask('key-a')
    const id = await store.approveParked(fingerprintOfKey('key-a'), 'user:ann')
    expect(id).toMatch(/^[a-z0-9]{12}$/)
    expect(await ask('key-a')).toEqual({ state: 'enrolled', deviceId: id, how: 'again' })
    expect(await store.listParked()).toEqual([])
    expect(await store.approveParked(fingerprintOfKey('key-a'), 'user:ann')).toBeNull()
    expect(await actions()).toEqual(['user:ann device-approved'])
  })

  test('approved by two people at once, it becomes one device', async () => {
    await ask('key-a')
    const ids = await Promise.all(['ann', 'bob'].map((who) => store.approveParked(fingerprintOfKey('key-a'), who)))
    expect(ids.filter((id) => id !== null)).toHaveLength(1)
    expect(await store.listDevices()).toHaveLength(1)
  })

  test('refused, it is told so until a token lets it in', async () => {
    await ask('key-a')
    expect(await store.refuseParked(fingerprintOfKey('key-a'), 'user:ann')).toBe(true)
    expect(await store.refuseParked('0000-0000-0000-0000-0000', 'user:ann')).toBe(false)
    expect(await ask('key-a')).toEqual({ state: 'refused', code: 'enrolment-refused' })
    expect(await store.listParked()).toMatchObject([{ refusedMs: expect.any(Number) }])
    expect(await actions()).toEqual(['user:ann device-refused'])
    expect(await ask('key-a', (await token()).secret)).toMatchObject({ state: 'enrolled', how: 'new' })
    expect(await store.listParked()).toEqual([])
  })

  test('it is turned away while all places are taken, and those who wait keep theirs', async () => {
    for (let i = 0; i < parkingPlaces; i++) await ask(`key-${i}`)
    expect(await ask('key-late')).toEqual({ state: 'refused', code: 'parking-full' })
    expect(await ask('key-0')).toEqual({ state: 'awaiting-approval' })
    expect(await store.listParked()).toHaveLength(parkingPlaces)
    await store.refuseParked(fingerprintOfKey('key-1'), 'user:ann')
    expect(await ask('key-late')).toEqual({ state: 'awaiting-approval' })
  })
})

test('devices are numbered in the order they came', async () => {
  for (const key of ['key-a', 'key-b', 'key-c']) await enrolled(key)
  expect((await store.roster()).map(({ num }) => num).sort()).toEqual([1, 2, 3])
})

import { chmodSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { hubBytes } from '@tradewind/agent/link/hub-http'
import { sha256 } from '@tradewind/artifacts/example'
import {
  assignBuild,
  mirrorOf,
  modelSource,
  nearlyKnown,
  type TestHub,
  testHub,
  VirtualDevice,
} from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'

/** A hub whose mirror fetches from a source with these models, and whose catalogue nearly knows a build of each. */
async function world(sizes: Record<string, number> = { 'a.gguf': 300_000 }, env: Record<string, string> = {}) {
  const source = await modelSource(sizes)
  const hub = await testHub({ env: { TRADEWIND_MODEL_SOURCE: source.server.url, ...env } })
  const builds = Object.keys(sizes).map((name) => nearlyKnown(name.replace('.gguf', ''), source.model(name).file))
  await hub.store.addCatalogue({ builds }, 'test')
  return { ...source, hub, mirror: mirrorOf(hub), fileIn: (name: string) => path.join(hub.folder, 'mirror', name) }
}

/** Assigns a build to a device, past the hub. */
async function assign({ folder, store }: TestHub, deviceId: string, id: string) {
  const build = (await store.catalogue()).builds.find((one) => one.id === id)
  if (build) assignBuild(folder, deviceId, build)
}

async function get(device: VirtualDevice, hub: TestHub, name: string, bearer?: string) {
  const { status, body } = await hubBytes(`https://127.0.0.1:${hub.ports.https}/files/${name}`, {
    caPem: hub.caPem,
    bearer: bearer ?? (await device.password()),
    mostBytes: 10e6,
  })
  return { status, body, code: status < 300 ? null : JSON.parse(body.toString()).code }
}

describe('adding a build', () => {
  test('resolves its files once, fetches them once, and serves them to a device', async () => {
    const { server, model, hub, mirror } = await world()
    const added = await mirror.add('a')
    const { file, bytes } = model('a.gguf')
    expect(added).toMatchObject({
      status: 200,
      json: { files: [{ commit: file.commit, bytes: 300_000, sha256: file.sha256 }], mirrored: { build: 'a' } },
    })
    expect(await mirror.until('a', 'whole')).toMatchObject({ hereBytes: 300_000, trouble: null })
    expect((await mirror.add('a')).status).toBe(200)
    expect(server.asked.filter(({ url }) => url.startsWith('/api'))).toHaveLength(1)
    expect(server.sentBytes).toBe(300_000)
    const device = await VirtualDevice.enrol(await hub.token())
    const got = await get(device, hub, file.sha256)
    expect(got.status).toBe(200)
    expect(got.body.equals(bytes)).toBe(true)
    expect((await hub.store.listAudit()).map(({ action, target }) => `${action} ${target}`)).toEqual(
      expect.arrayContaining(['build-resolved a', 'mirror-added a']),
    )
  })

  test('only resolves where that is asked for', async () => {
    const { server, model, hub, mirror } = await world()
    expect(await mirror.add('a', { resolveOnly: true })).toMatchObject({ status: 200, json: { mirrored: null } })
    expect(await hub.store.recordedFiles()).toMatchObject([{ sha256: model('a.gguf').file.sha256 }])
    expect((await mirror.read()).builds).toEqual([])
    expect(server.sentBytes).toBe(0)
  })

  test('hashes a file of which the source has no sha256', async () => {
    const { lists, model, mirror } = await world()
    lists([{ rfilename: 'a.gguf', size: 300_000, blobId: 'x' }])
    const { json } = await mirror.add('a', { resolveOnly: true })
    expect(json).toMatchObject({ files: [{ sha256: model('a.gguf').file.sha256 }] })
  })

  test('is refused with both sides when the source says other than the catalogue knows', async () => {
    const { lists, hub, mirror } = await world()
    lists([{ rfilename: 'a.gguf', size: 300_000, lfs: { sha256: 'f'.repeat(64), size: 300_000 } }])
    expect(await mirror.add('a')).toMatchObject({
      status: 409,
      json: {
        code: 'file-differs',
        detail: { known: expect.stringContaining('300000 bytes, sha256 '), found: expect.stringContaining('ffff') },
      },
    })
    expect(await hub.store.recordedFiles()).toEqual([])
  })

  test('is refused when the source says other than it said before', async () => {
    const { lists, model, mirror } = await world()
    const { file } = model('a.gguf')
    await mirror.add('a', { resolveOnly: true })
    const later = { sha256: `${file.sha256.slice(0, 20)}${'0'.repeat(44)}`, size: 300_001 }
    lists([{ rfilename: 'a.gguf', size: 300_001, lfs: later }])
    expect(await mirror.add('a')).toMatchObject({
      status: 409,
      json: {
        code: 'file-differs',
        detail: {
          known: `commit ${file.commit}, 300000 bytes, sha256 ${file.sha256}`,
          found: `commit ${file.commit}, 300001 bytes, sha256 ${later.sha256}`,
        },
      },
    })
    expect((await mirror.read()).builds).toEqual([])
  })

  test('that nobody knows is refused', async () => {
    const { mirror } = await world()
    expect(await mirror.add('nothing')).toMatchObject({ status: 404, json: { code: 'build-unknown' } })
  })

  test.each([
    [404, 'not-found'],
    [401, 'gated'],
    [500, 'source-failed'],
  ])('says why when the source answers %i', async (status, code) => {
    const { server, mirror } = await world()
    server.fault = () => ({ kind: 'status', status })
    expect(await mirror.add('a')).toMatchObject({ status: 502, json: { code: 'not-fetched', detail: { code } } })
  })
})

describe('fetching', () => {
  test('of other bytes than were recorded fails, keeps none of them, and is not tried again unasked', async () => {
    const { server, model, mirror, fileIn } = await world()
    server.fault = ({ url }) => (url.startsWith('/api') ? undefined : { kind: 'wrong-bytes' })
    await mirror.add('a')
    expect(await mirror.until('a', 'failed')).toMatchObject({ trouble: { code: 'wrong-bytes', retryMs: null } })
    expect(() => statSync(fileIn(model('a.gguf').file.sha256))).toThrow('ENOENT')
    server.fault = () => undefined
    await mirror.add('a')
    await mirror.until('a', 'whole')
  })

  test('sends the token to the source, and not to where it redirects', async () => {
    const cdn = await modelSource({ 'a.gguf': 300_000 })
    const { server, mirror } = await world({ 'a.gguf': 300_000 }, { HF_TOKEN: 'hf_secret' })
    server.fault = ({ url }) =>
      url.startsWith('/api') ? undefined : { kind: 'redirect', to: `${cdn.server.url}/signed/a.gguf` }
    await mirror.add('a')
    await mirror.until('a', 'whole')
    expect(new Set(server.asked.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer hf_secret']))
    expect(cdn.server.asked.length).toBeGreaterThan(0)
    expect(cdn.server.asked.filter(({ headers }) => 'authorization' in headers)).toEqual([])
    expect(JSON.stringify(await mirror.read())).not.toContain('hf_secret')
  })

  test('happens by itself for what is assigned, where the mirror is automatic', async () => {
    const { hub, mirror, server } = await world({ 'a.gguf': 300_000 }, { TRADEWIND_MIRROR: 'auto' })
    await mirror.add('a', { resolveOnly: true })
    const device = await VirtualDevice.enrol(await hub.token())
    await assign(hub, device.id, 'a')
    expect(await mirror.until('a', 'whole', 15_000)).toMatchObject({ devices: 1 })
    expect(server.sentBytes).toBe(300_000)
  })
})

describe('the budget', () => {
  const sizes = { 'a.gguf': 300_000, 'b.gguf': 300_000, 'c.gguf': 300_000 }
  const budget = { TRADEWIND_MIRROR_BYTES: '700000' }

  test('gives up what was used longest ago, never what is assigned', async () => {
    const { hub, mirror, fileIn } = await world(sizes, budget)
    for (const id of ['a', 'b']) {
      await mirror.add(id)
      await mirror.until(id, 'whole')
    }
    const device = await VirtualDevice.enrol(await hub.token())
    await assign(hub, device.id, 'a')
    utimesSync(fileIn('builds/a.json'), 1, 1)
    utimesSync(fileIn('builds/b.json'), 2, 2)
    await mirror.add('c')
    await mirror.until('c', 'whole')
    const { builds, usedBytes, budgetBytes } = await mirror.read()
    expect(builds.map(({ build }) => build).sort()).toEqual(['a', 'c'])
    expect(usedBytes).toBeLessThanOrEqual(budgetBytes)
    expect(await hub.store.wantedBuilds()).toEqual(['a', 'c'])
  })

  test('that what is assigned fills up takes nothing more, and says so', async () => {
    const { hub, mirror } = await world(sizes, budget)
    const device = await VirtualDevice.enrol(await hub.token())
    const other = await VirtualDevice.enrol(await hub.token())
    for (const [id, { id: deviceId }] of [
      ['a', device],
      ['b', other],
    ] as const) {
      await mirror.add(id)
      await mirror.until(id, 'whole')
      await assign(hub, deviceId, id)
    }
    await mirror.add('c')
    const { trouble } = await mirror.until('c', 'failed')
    expect(trouble).toMatchObject({ code: 'mirror-full', retryMs: expect.any(Number) })
    expect(await mirror.find('a')).toMatchObject({ state: 'whole' })
  })

  test('pruning gives up all that is not assigned', async () => {
    const { hub, mirror } = await world(sizes)
    for (const id of ['a', 'b']) {
      await mirror.add(id)
      await mirror.until(id, 'whole')
    }
    const device = await VirtualDevice.enrol(await hub.token())
    await assign(hub, device.id, 'a')
    expect((await mirror.prune()).json).toEqual({ removed: ['b'], freedBytes: 300_000 })
    expect((await mirror.read()).builds.map(({ build }) => build)).toEqual(['a'])
    expect(await hub.store.wantedBuilds()).toEqual(['a'])
  })
})

describe('a file', () => {
  test('is for admitted devices alone', async () => {
    const { hub, mirror, model } = await world()
    await mirror.add('a')
    await mirror.until('a', 'whole')
    const name = model('a.gguf').file.sha256
    const device = await VirtualDevice.enrol(await hub.token())
    expect(await get(device, hub, name, '')).toMatchObject({ status: 401, code: 'device-unknown' })
    const stale = await device.password(Date.now() - 3_600_000)
    expect(await get(device, hub, name, stale)).toMatchObject({ status: 401, code: 'password-stale' })
    await hub.store.revokeDevice(device.id, 'test')
    const { port, secret } = JSON.parse(readFileSync(`${hub.folder}/hub.local.json`, 'utf8'))
    await fetch(`http://127.0.0.1:${port}/wake`, { method: 'POST', headers: { authorization: `Bearer ${secret}` } })
    expect((await get(device, hub, name)).status).toBe(403)
  })

  test('that is known and not here is not mirrored; one that nobody knows is not found', async () => {
    const { hub, mirror, model } = await world()
    await mirror.add('a', { resolveOnly: true })
    const device = await VirtualDevice.enrol(await hub.token())
    expect(await get(device, hub, model('a.gguf').file.sha256)).toMatchObject({ status: 404, code: 'not-mirrored' })
    for (const name of ['0'.repeat(64), '..%2fbuilds%2fa.json', 'lock'])
      expect(await get(device, hub, name)).toMatchObject({ status: 404, code: 'not-found' })
  })

  test.each([
    ['while the hub ran', false],
    ['while the hub was stopped', true],
  ])('that was damaged %s is not served, deleted, and fetched again', async (_, restarts) => {
    const { hub, mirror, model, fileIn, server } = await world()
    await mirror.add('a')
    await mirror.until('a', 'whole')
    const { file, bytes } = model('a.gguf')
    const device = await VirtualDevice.enrol(await hub.token())
    if (restarts) await hub.close()
    const { atime, mtime } = statSync(fileIn(file.sha256))
    chmodSync(fileIn(file.sha256), 0o600)
    const bad = Buffer.from(bytes)
    bad[1000] = (bad[1000] ?? 0) ^ 1
    writeFileSync(fileIn(file.sha256), bad)
    utimesSync(fileIn(file.sha256), atime, mtime)
    const now = restarts ? await testHub({ folder: hub.folder, env: { TRADEWIND_MODEL_SOURCE: server.url } }) : hub
    expect(await get(device, now, file.sha256)).toMatchObject({ status: 404, code: 'not-mirrored' })
    await mirrorOf(now).until('a', 'whole')
    expect(sha256((await get(device, now, file.sha256)).body)).toBe(file.sha256)
    expect(server.sentBytes).toBe(600_000)
  })

  test('that somebody deleted comes back', async () => {
    const { mirror, model, fileIn } = await world()
    await mirror.add('a')
    await mirror.until('a', 'whole')
    rmSync(fileIn(model('a.gguf').file.sha256))
    expect((await mirror.find('a'))?.state).toBe('waiting')
    await mirror.until('a', 'whole', 15_000)
  })
})

test('beyond its transfers the mirror asks for patience, and is free again when one goes away', async () => {
  const env = { TRADEWIND_MIRROR_TRANSFERS: '1', TRADEWIND_MIRROR_RATE: '50000' }
  const { hub, mirror, model } = await world({ 'a.gguf': 3_000_000 }, env)
  await mirror.add('a')
  await mirror.until('a', 'whole')
  const name = model('a.gguf').file.sha256
  const [one, other] = [await VirtualDevice.enrol(await hub.token()), await VirtualDevice.enrol(await hub.token())]
  const url = `https://127.0.0.1:${hub.ports.https}/files/${name}`
  const leaving = new AbortController()
  const slow = hubBytes(url, {
    caPem: hub.caPem,
    bearer: await one.password(),
    mostBytes: 10e6,
    signal: leaving.signal,
  })
  const ended = slow.catch(() => 'left')
  await expect.poll(async () => (await mirror.read()).transfers).toBe(1)
  const refused = await get(other, hub, name)
  expect(refused).toMatchObject({ status: 429, code: 'busy' })
  const { detail } = JSON.parse(refused.body.toString())
  expect(detail.retryAfterSeconds).toBeGreaterThanOrEqual(1)
  leaving.abort()
  expect(await ended).toBe('left')
  await expect.poll(async () => (await mirror.read()).transfers).toBe(0)
})

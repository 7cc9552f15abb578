import { execFileSync, spawn } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { buildOf, fileOf, someBytes } from '@tradewind/artifacts/example'
import { fetchLimits } from '@tradewind/artifacts/fetch-file'
import { FolderSource } from '@tradewind/artifacts/folder-source'
import { HttpSource } from '@tradewind/artifacts/http-source'
import { ArtifactStore } from '@tradewind/artifacts/store'
import { ArtifactError, type Trouble } from '@tradewind/artifacts/trouble'
import { openAuthority } from '@tradewind/hub/authority/authority'
import { FaultySource, testFolder } from '@tradewind/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'

const agent = path.resolve(import.meta.dirname, '../../apps/agent/dist/main.js')
const signal = new AbortController().signal

/** A server that answers as Hugging Face does, and a device with a catalogue that knows its one build nearly. */
async function world(size: number) {
  const content = someBytes(size)
  const file = fileOf('tiny.gguf', content)
  const server = await FaultySource.start({ 'tiny.gguf': content })
  onTestFinished(() => server.stop())
  const lfs = { sha256: file.sha256, size, pointerSize: 135 }
  server.json.set('/api/models/somebody/some-model/revision/main', {
    sha: file.commit,
    siblings: [{ rfilename: 'tiny.gguf', size, lfs }],
  })
  const folder = testFolder('pull')
  const known = { ...file, commit: null, sha256: file.sha256.slice(0, 12) }
  const catalogue = path.join(folder, 'catalogue.json')
  writeFileSync(catalogue, JSON.stringify({ builds: [{ ...buildOf('tiny', file), files: [known] }] }))
  const env = {
    ...process.env,
    TRADEWIND_AGENT_DATA: path.join(folder, 'data'),
    TRADEWIND_MEASURE: 'never',
    TRADEWIND_HF_URL: server.url,
  }
  /** The built agent's command, and what it said when it ended. */
  const command = (...args: string[]) => {
    const child = spawn(process.execPath, [agent, ...args], { env })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
    const ended = new Promise<{ code: number | null; said: string }>((resolve) =>
      child.once('close', (code) => resolve({ code, said })),
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    return { child, ended }
  }
  const pull = (...more: string[]) => command('pull', 'e2b', '--build', 'tiny', '--catalogue', catalogue, ...more)
  return { server, content, file, folder, command, pull, models: path.join(folder, 'data/models') }
}

test('a pull that is killed ten times at random ends with the right bytes, and fetches at most one part again', async () => {
  const { server, content, file, pull, command, models } = await world(60_000_000)
  server.bytesPerSecond = 30e6
  for (let kill = 0; kill < 10; kill++) {
    const { child, ended } = pull()
    const before = server.sentBytes
    const until = before + Math.random() * 8e6
    while (server.sentBytes <= until && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGKILL')
    await ended
    expect(readdirSync(models)).not.toContain(file.sha256)
  }
  const { code, said } = await pull().ended
  expect([code, said]).toEqual([0, expect.stringContaining('tiny is here, every file verified by its sha256')])
  expect(readFileSync(path.join(models, file.sha256)).equals(content)).toBe(true)
  expect(readdirSync(models).sort()).toEqual([file.sha256, 'builds'].sort())
  expect(server.sentBytes - content.length).toBeLessThanOrEqual(fetchLimits.partBytes)
  expect(server.asked.filter(({ url }) => url.startsWith('/api'))).toHaveLength(1)
  expect((await command('models').ended).said).toContain('whole')
}, 120_000)

test('a pull says what it does, also as JSON', async () => {
  const { pull, command } = await world(200_000)
  const { code, said } = await pull('--json').ended
  const events = said
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(code).toBe(0)
  expect(events.map(({ event }) => event)).toEqual(['build', 'progress', 'done'])
  expect(events[0]).toMatchObject({
    needBytes: 200_000,
    build: { id: 'tiny', files: [{ commit: expect.any(String) }] },
  })
  expect((await command('models', 'remove', 'tiny').ended).said).toContain('tiny is gone')
  expect(JSON.parse((await command('models', '--json').ended).said)).toEqual([])
})

test.each([
  ['needs a token', 'gated', 'HF_TOKEN', { kind: 'status', status: 401 }],
  ['has other bytes', 'wrong-bytes', 'deleted', { kind: 'wrong-bytes' }],
] as const)('a pull of what %s fails with %s, and says what to do next', async (_, code, next, fault) => {
  const { pull, server } = await world(200_000)
  server.fault = ({ url }) => (url.startsWith('/api') ? undefined : fault)
  const ended = await pull().ended
  expect(ended.code).toBe(1)
  expect(ended.said).toContain(`error ${code}: `)
  expect(ended.said).toContain(next)
})

test('while one process pulls, a second is told so, and looking works', async () => {
  const { pull, command, server } = await world(5_000_000)
  server.bytesPerSecond = 2e6
  const first = pull()
  while (server.sentBytes === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  const second = await pull().ended
  expect([second.code, second.said]).toEqual([1, expect.stringContaining('error store-busy: process ')])
  expect((await command('models').ended).said).toContain('tiny.gguf unfinished')
  server.bytesPerSecond = undefined
  expect((await first.ended).code).toBe(0)
})

async function troubleOf(action: Promise<unknown>): Promise<Trouble | null> {
  try {
    await action
    return null
  } catch (error) {
    if (error instanceof ArtifactError) return error.trouble
    throw error
  }
}

test('a server with a certificate that nobody vouches for is sent away', async () => {
  const authority = await openAuthority(testFolder('authority'), ['localhost'])
  const server = createServer(
    { key: authority.server.key, cert: authority.server.cert },
    (_, reply) => void reply.end(),
  )
  await new Promise<void>((resolve) => server.listen(0, resolve))
  onTestFinished(() => void server.close())
  const url = `https://localhost:${(server.address() as AddressInfo).port}/tiny.gguf`
  const source = new HttpSource({ name: 'self-signed', urlOf: () => url })
  const store = ArtifactStore.open(testFolder('store'))
  const build = buildOf('tiny', fileOf('tiny.gguf', someBytes(100)))
  expect((await troubleOf(store.fetch(build, { sources: [source], signal })))?.code).toBe('tls-failed')
  await source.close()
})

/** A small disk of its own; null where that is not allowed. */
function smallDisk(megabytes: number): string | null {
  const folder = testFolder('disk')
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    return null
  }
  onTestFinished(() => void execFileSync('umount', [folder]))
  return folder
}
const mayMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts()
function mounts(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.skipIf(!mayMount)('on a disk of its own (needs root)', () => {
  const content = someBytes(12_000_000)
  const file = fileOf('tiny.gguf', content)
  const build = buildOf('tiny', file)
  const source = () => {
    const stick = testFolder('stick')
    writeFileSync(path.join(stick, 'tiny.gguf'), content)
    return new FolderSource('stick', ({ path: name }) => path.join(stick, name))
  }

  test('that fills up in the middle, what came is kept, and gone on with when there is room', async () => {
    const folder = smallDisk(8) ?? ''
    const sources = [source()]
    // as if the room had gone to somebody else after it was looked for
    const store = ArtifactStore.open(path.join(folder, 'models'), { freeBytes: async () => 1e12 })
    expect(await troubleOf(store.fetch(build, { sources, signal }))).toEqual({ code: 'disk-full', cause: 'ENOSPC' })
    expect(await store.has(build)).toBe(false)
    expect((await store.find('tiny'))?.hereBytes).toBeGreaterThan(4e6)
    execFileSync('mount', ['-o', 'remount,size=32m', folder])
    await store.fetch(build, { sources, signal })
    expect(readFileSync(store.pathOf(file)).equals(content)).toBe(true)
  })

  test('that is read-only, nothing is fetched, and what is there can be used', async () => {
    const folder = smallDisk(32) ?? ''
    const sources = [source()]
    const store = ArtifactStore.open(path.join(folder, 'models'), { freeBytes: async () => 1e12 })
    await store.fetch(build, { sources, signal })
    execFileSync('mount', ['-o', 'remount,ro', folder])
    const readOnly = { code: 'store-read-only', cause: 'EROFS' }
    const newStore = ArtifactStore.open(path.join(folder, 'not/yet/there'), { freeBytes: async () => 1e12 })
    expect(await troubleOf(newStore.fetch(build, { sources, signal }))).toEqual(readOnly)
    expect(await troubleOf(store.fetch(buildOf('other', file), { sources, signal }))).toEqual(readOnly)
    expect(await troubleOf(store.remove('tiny'))).toEqual(readOnly)
    const release = await store.hold(build)
    expect((await store.list()).map(({ broken }) => broken)).toEqual([[]])
    await release()
  })

  test('that is too small, that is told before the first byte', async () => {
    const store = ArtifactStore.open(path.join(smallDisk(8) ?? '', 'models'))
    expect(await troubleOf(store.fetch(build, { sources: [source()], signal }))).toMatchObject({
      code: 'disk-short',
      needBytes: content.length,
    })
    expect(await store.list()).toEqual([])
  })
})

import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { publicJwk } from '@tradewind/agent/identity/identity'
import { reserveBytes } from '@tradewind/artifacts/store'
import { type Assignment, assignmentType, type Baseline, type ResolvedBuild, ResolvedFile } from '@tradewind/protocol'
import { eventually, FaultySource, freePort, pocketClips, pocketFile, testFolder } from '@tradewind/testkit'
import { CompactSign } from 'jose'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'

/**
 * kill -9 of a real agent at every change that seeking makes to the disk, and while the engine loads and answers. The engine is
 * scripted, and tells which bytes it was given; the agent, its store and its files are the real ones.
 */

const agent = path.resolve('apps/agent/dist/main.js')
const killer = path.resolve('test/faults/killer/kill-at.mjs')
const smallDisk = path.resolve('test/faults/killer/small-disk.mjs')
const engine = path.resolve('test/faults/killer/scripted-llama-server.mjs')
const { privateKey } = generateKeyPairSync('ed25519')
const deviceId = 'device-under-test'
/** what is said in the clip that every device carries: the first four English samples */
const knownClip = pocketClips('samples')
  .filter(({ lang }) => lang === 'en')
  .slice(0, 4)
  .map(({ transcript }) => transcript)
  .join(' ')

const fixture = (name: string) => readFileSync(pocketFile(name))
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
function buildOf(id: string, kind: 'q8' | 'f16'): ResolvedBuild {
  const file = (role: 'weights' | 'projector', name: string) => {
    const bytes = fixture(name)
    const known = { repository: 'tradewind/pocket', commit: '0'.repeat(40), path: name }
    return ResolvedFile.parse({ role, ...known, bytes: bytes.length, sha256: sha256(bytes) })
  }
  return {
    ...{
      id,
      variant: 'pocket',
      quantisation: kind,
      bitsPerWeight: 8,
      quantisationAware: false,
      engine: 'llama-server',
    },
    ...{ hears: true, sees: false, demo: false },
    files: [file('weights', `pocket-${kind}.gguf`), file('projector', `pocket-${kind}-mmproj.gguf`)],
  }
}
const oldBuild = buildOf('old', 'q8')
const newBuild = buildOf('new', 'f16')
const [newWeights = '', newProjector = ''] = newBuild.files.map(({ sha256 }) => sha256)
const oldWeights = oldBuild.files[0]?.sha256 ?? ''
const newBytes = newBuild.files.reduce((sum, { bytes }) => sum + bytes, 0)
const largestFile = Math.max(...newBuild.files.map(({ bytes }) => bytes))

const assignmentOf = (revision: number, build: ResolvedBuild): Assignment => ({
  ...{ deviceId, revision, at: 0, workload: null, build, restart: 0 },
  options: { context: 2048, slots: 1, cacheType: 'f16', microBatch: 512, pool: 'memory' },
  smoke: { baseline: null, mostWordErrors: 0.2, speedShare: 0, leastPerSecond: 0, clips: [] },
})
async function assign(data: string, revision: number, build: ResolvedBuild, baseline: Baseline | null = null) {
  const { smoke, ...rest } = assignmentOf(revision, build)
  const payload = new TextEncoder().encode(JSON.stringify({ ...rest, smoke: { ...smoke, baseline } }))
  const jws = await new CompactSign(payload).setProtectedHeader({ alg: 'EdDSA', typ: assignmentType }).sign(privateKey)
  writeFileSync(path.join(data, 'assigned.json'), JSON.stringify({ jws }))
}

type Kill = { op: string; file: string; nth?: number; when: 'before' | 'after' }
type EngineKill = { at: 'loading' | 'answering'; file: string; nth: number }

/** A device on which revision 3, the old build, was applied; made once, and copied for each row. */
let served: Promise<string> | null = null
const servedOnce = () => (served ??= makeServed())
afterAll(async () => served && rmSync(await served, { recursive: true }))
async function makeServed() {
  const device = await Device.over(testFolder('seek-template'))
  const hub = { urls: ['https://127.0.0.1:1'], caPem: '', mqttPort: 1, signingKey: publicJwk(privateKey) }
  writeFileSync(path.join(device.data, 'enrolled.json'), JSON.stringify({ deviceId, hub }))
  await assign(device.data, 3, oldBuild)
  const running = device.start()
  await eventually('the old build is applied', () => device.record('applied')?.applied.revision === 3, 20_000)
  running.kill('SIGKILL')
  await new Promise((resolve) => running.once('exit', resolve))
  const kept = mkdtempSync(path.join(tmpdir(), 'tradewind-seek-served-'))
  cpSync(device.data, kept, { recursive: true })
  return kept
}

class Device {
  said = ''
  private constructor(
    readonly data: string,
    readonly server: FaultySource,
    private port: number,
  ) {}

  static async over(data: string): Promise<Device> {
    const names = [...oldBuild.files, ...newBuild.files].map(({ path }) => path)
    const server = await FaultySource.start(Object.fromEntries(names.map((name) => [name, fixture(name)])))
    onTestFinished(() => server.stop())
    return new Device(data, server, await freePort())
  }

  start(more: Record<string, string> = {}, node: string[] = []): ChildProcess {
    const env = {
      ...process.env,
      TRADEWIND_AGENT_DATA: this.data,
      TRADEWIND_HF_URL: this.server.url,
      TRADEWIND_LLAMA_SERVER: engine,
      TRADEWIND_API_PORT: String(this.port),
      TRADEWIND_MEASURE: 'never',
      SCRIPTED_OPENED: this.openedFile,
      ...more,
    } as NodeJS.ProcessEnv
    if (more.TRADEWIND_ENGINES) delete env.TRADEWIND_LLAMA_SERVER
    const child = spawn(process.execPath, [...node, agent, 'serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (this.said += text))
    onTestFinished(() => void child.kill('SIGKILL'))
    return child
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever is in the file
  record(name: string): any {
    const file = path.join(this.data, `${name}.json`)
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
  }

  get openedFile() {
    return path.join(this.data, 'opened')
  }

  /** What the engine was given, the last at the end: name of the file and sha256 of its bytes. */
  opened() {
    const text = existsSync(this.openedFile) ? readFileSync(this.openedFile, 'utf8') : ''
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' '))
  }

  /** Fails with all that the agent said. */
  comesTo = (what: string, isThere: () => Promise<boolean> | boolean) =>
    eventually(what, isThere, 20_000).catch((error) => {
      throw new Error(`${error.message}, but:\n${this.said}`)
    })

  async serves(): Promise<string | null> {
    const response = await fetch(`http://127.0.0.1:${this.port}/v1/models`).catch(() => null)
    const body = response?.ok ? ((await response.json()) as { data: { id: string }[] }) : null
    return body?.data[0]?.id ?? null
  }
}

type Scene = { answers?: Record<string, string>; isDiskSmall?: boolean }
async function killedOnTheWay(kill: Kill | EngineKill, { answers = {}, isDiskSmall = false }: Scene = {}) {
  const data = testFolder('seek')
  cpSync(await servedOnce(), data, { recursive: true })
  const device = await Device.over(data)
  writeFileSync(device.openedFile, '')
  await assign(data, 4, newBuild)
  const marker = path.join(data, 'killed')
  const env: Record<string, string> = { SCRIPTED_ANSWERS: JSON.stringify(answers) }
  const node = isDiskSmall ? ['--import', smallDisk] : []
  if (isDiskSmall) env.SMALL_DISK = JSON.stringify({ folder: path.join(data, 'models'), bytes: fill(data) })
  const isEngines = 'at' in kill
  const child = isEngines
    ? device.start({ ...env, SCRIPTED_KILL: JSON.stringify({ ...kill, marker }) }, node)
    : device.start({ ...env, KILL_AT: JSON.stringify({ nth: 1, ...kill, marker }) }, [...node, '--import', killer])
  const signal = await new Promise((resolve) => {
    child.once('exit', (_, signal) => resolve(signal))
    setTimeout(() => resolve('never killed'), 20_000).unref()
  })
  expect([signal, existsSync(marker)], device.said).toEqual(['SIGKILL', true])
  device.start(env, node)
  return device
}

/** Lays a build that nobody uses beside the old one; returns the bytes of a disk that has room for only one beside it. */
function fill(data: string): number {
  const models = path.join(data, 'models')
  const spare = buildOf('spare', 'f16')
  const files = spare.files.map((file) => {
    const bytes = Buffer.concat([Buffer.from('spare'), fixture(file.path)])
    const sha = sha256(bytes)
    writeFileSync(path.join(models, sha), bytes)
    return { ...file, bytes: bytes.length, sha256: sha }
  })
  const manifest = path.join(models, 'builds', 'spare.json')
  writeFileSync(manifest, `${JSON.stringify({ ...spare, files }, null, 2)}\n`)
  utimesSync(manifest, 0, 0)
  const oldBytes = oldBuild.files.reduce((sum, { bytes }) => sum + bytes, 0)
  return reserveBytes + oldBytes + 1.5 * newBytes
}

/** No byte that was not assigned came near the engine, and at most the file that was on its way was fetched again. */
function expectOnlyRightBytes(device: Device) {
  for (const [name, found] of device.opened()) expect(found).toBe(name)
  expect(device.server.sentBytes).toBeLessThanOrEqual(newBytes + largestFile)
}

const changes: [string, Kill][] = (['before', 'after'] as const).flatMap((when): [string, Kill][] => [
  [`${when} the build is described`, { op: 'rename', file: 'builds/new\\.json$', when }],
  [`${when} the store is locked`, { op: 'link', file: 'models/lock$', when }],
  [`${when} the weights get their place on the disk`, { op: 'truncate', file: `${newWeights}\\.partial$`, when }],
  [`${when} the first bytes of the weights are written`, { op: 'writev', file: `${newWeights}\\.partial$`, when }],
  [
    `${when} the third batch of the weights is written`,
    { op: 'writev', file: `${newWeights}\\.partial$`, nth: 3, when },
  ],
  [`${when} the journal tells of it`, { op: 'write', file: `${newWeights}\\.journal$`, nth: 3, when }],
  [
    `${when} the last batch of the projector is written`,
    { op: 'writev', file: `${newProjector}\\.partial$`, nth: 6, when },
  ],
  [`${when} the weights are synced`, { op: 'sync', file: `${newWeights}\\.partial$`, when }],
  [`${when} the weights, verified, are renamed`, { op: 'rename', file: `${newWeights}$`, when }],
  [`${when} the projector, verified, is renamed`, { op: 'rename', file: `${newProjector}$`, when }],
  [`${when} the journal of the projector goes`, { op: 'rm', file: `${newProjector}\\.journal$`, when }],
  [`${when} the lock of the fetch is released`, { op: 'unlink', file: 'models/lock$', nth: 1, when }],
  [`${when} the lock of the verification is released`, { op: 'unlink', file: 'models/lock$', nth: 2, when }],
  [`${when} the start is counted`, { op: 'rename', file: 'trying\\.json$', when }],
  [`${when} the commit is written`, { op: 'writeFile', file: 'applied\\.json\\.new$', when }],
  [`${when} the commit is synced`, { op: 'sync', file: 'applied\\.json\\.new$', when }],
  [`${when} the commit is renamed`, { op: 'rename', file: 'applied\\.json$', when }],
])
const engines: [string, EngineKill][] = [
  ['while the old engine loads at first', { at: 'loading', file: oldWeights, nth: 1 }],
  ['while the new engine loads', { at: 'loading', file: newWeights, nth: 1 }],
  ['while the new engine is tested', { at: 'answering', file: newWeights, nth: 1 }],
]

describe('killed', () => {
  test.each<[string, Kill | EngineKill]>([...changes, ...engines])('%s, it converges by itself', async (_, kill) => {
    const device = await killedOnTheWay(kill)
    await device.comesTo('the new build', async () => (await device.serves()) === 'new')
    await device.comesTo('the commit', () => device.record('applied')?.applied.revision === 4)
    expect(device.record('applied').previous.build.id).toBe('old')
    expectOnlyRightBytes(device)
  })

  test.each<[string, Kill]>(
    (['before', 'after'] as const).flatMap((when): [string, Kill][] => [
      [`${when} a build is given up`, { op: 'rm', file: 'builds/spare\\.json$', when }],
      [`${when} its first file goes`, { op: 'rm', file: '/models/[0-9a-f]{64}$', when }],
    ]),
  )('%s to make room, it converges by itself', async (_, kill) => {
    const device = await killedOnTheWay(kill, { isDiskSmall: true })
    await device.comesTo('the new build', async () => (await device.serves()) === 'new')
    await device.comesTo('the commit', () => device.record('applied')?.applied.revision === 4)
    const models = path.join(device.data, 'models')
    expect(readdirSync(path.join(models, 'builds')).sort()).toEqual(['new.json', 'old.json'])
    // a file that is nobody's any more may stay: it is the first to go when room is needed again
    const needed = [...oldBuild.files, ...newBuild.files].map((file) => file.sha256)
    expect(readdirSync(models)).toEqual(expect.arrayContaining(needed))
    expectOnlyRightBytes(device)
  })

  test.each<[string, Kill | EngineKill]>([
    ['before the failed test is remembered', { op: 'rename', file: 'trying\\.json$', nth: 2, when: 'before' }],
    ['after the failed test is remembered', { op: 'rename', file: 'trying\\.json$', nth: 2, when: 'after' }],
    ['while the old engine comes back', { at: 'loading', file: oldWeights, nth: 2 }],
  ])('%s, it ends with the old build', async (_, kill) => {
    const device = await killedOnTheWay(kill, { answers: { [newWeights]: '' } })
    await device.comesTo('the failure', () => device.record('trying')?.failure?.code === 'empty')
    expect(device.record('trying').failure.retryAt).toBeNull()
    await device.comesTo('the old build', async () => (await device.serves()) === 'old')
    expect(device.record('applied').applied).toMatchObject({ revision: 3, build: { id: 'old' } })
    expectOnlyRightBytes(device)
  })
})

test('the pocket passes its test by ear, in a real engine, and comes from a folder when nobody else has it', async () => {
  const device = await Device.over(testFolder('seek-pocket'))
  device.server.fault = () => ({ kind: 'status', status: 404 })
  const hub = { urls: ['https://127.0.0.1:1'], caPem: '', mqttPort: 1, signingKey: publicJwk(privateKey) }
  writeFileSync(path.join(device.data, 'enrolled.json'), JSON.stringify({ deviceId, hub }))
  await assign(device.data, 1, newBuild, { prompt: 'known-clip', text: knownClip })
  device.start({ TRADEWIND_ENGINES: '/nowhere', TRADEWIND_MODELS_FOLDER: pocketFile('.') })
  await device.comesTo('the commit', () => device.record('applied')?.applied.revision === 1)
  await device.comesTo('the new build', async () => (await device.serves()) === 'new')
  expect(device.server.sentBytes).toBe(0)
}, 60_000)

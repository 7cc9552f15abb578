import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { buildOf, fileOf, someBytes } from '@tradewind/artifacts/example'
import { huggingFace } from '@tradewind/artifacts/hugging-face'
import type { Source } from '@tradewind/artifacts/source'
import { ArtifactStore } from '@tradewind/artifacts/store'
import { fail } from '@tradewind/artifacts/trouble'
import type { Target } from '@tradewind/fleet'
import { type Assignment, assignmentType, type ResolvedBuild } from '@tradewind/protocol'
import { eventually, type Fault, FaultySource, ScriptedEngine, testFolder, VirtualClock } from '@tradewind/testkit'
import { CompactSign, SignJWT } from 'jose'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { EngineError } from '../engine/engine'
import { publicJwk } from '../identity/identity'
import { Seeker } from './seeker'
import type { Stage } from './stage'

const hubKey = generateKeyPairSync('ed25519').privateKey
const deviceId = 'mine'
const answer = 'the harbour lies open to the west'
const contents: Record<string, Buffer> = { 'old.gguf': someBytes(50_000, 1), 'new.gguf': someBytes(400_000, 2) }
const buildNamed = (id: string) => ({
  ...buildOf(id, fileOf(`${id}.gguf`, contents[`${id}.gguf`] as Buffer)),
  hears: false,
})

const assignmentOf = (revision: number, build: ResolvedBuild, more: Partial<Assignment> = {}): Assignment => ({
  ...{ deviceId, revision, at: 0, workload: null, build, restart: 0 },
  options: { context: 2048, slots: 1, cacheType: 'f16', microBatch: 512, pool: 'memory' },
  smoke: { baseline: null, mostWordErrors: 0.2, speedShare: 0, leastPerSecond: 0, clips: [] },
  ...more,
})
const signed = (payload: object, key: KeyObject = hubKey, typ = assignmentType) =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(payload))).setProtectedHeader({ alg: 'EdDSA', typ }).sign(key)

/** An engine that holds whatever it is given, unless it is told not to. */
class FakeStage implements Stage {
  holds: Stage['holds'] = null
  engine = new ScriptedEngine(() => this.says)
  says = answer
  refuses: string | null = null
  readonly deeds: string[] = []
  hold = async ({ revision, build }: Target) => {
    this.holds = revision
    this.deeds.push(`hold ${build.id}`)
    if (build.id === this.refuses) {
      this.engine.become({
        is: 'failed',
        build: build.id,
        since: 0,
        failure: { code: 'bad-file', detail: {} },
        retryAt: null,
      })
      throw new EngineError('bad-file', 'no magic')
    }
    this.engine.become({ is: 'ready', build: build.id, since: 0 })
  }
  letGo = async () => {
    this.holds = null
    this.deeds.push('let go')
    this.engine.become({ is: 'cold' })
  }
  hasOwnChoice = async () => false
  holdOwnChoice = async () => false
  rename = (revision: number) => {
    this.holds = revision
  }
  measure = () => {}
}

async function device({ folder = testFolder('seek'), freeBytes = 1e12, source = null as Source | null } = {}) {
  const server = await FaultySource.start(contents)
  const clock = new VirtualClock()
  const stage = new FakeStage()
  const world = { freeBytes, broken: source }
  const store = ArtifactStore.open(path.join(folder, 'models'), {
    clock: { sleep: async () => {}, nowMs: () => 0, random: () => 0 },
    limits: { partBytes: 100_000, batchBytes: 20_000, connections: 1, failures: 2, patienceMs: 1_000 },
    freeBytes: async () => world.freeBytes,
  })
  const slept: number[] = []
  const events: string[] = []
  const reasons: (string | null)[] = []
  const seeker = new Seeker({
    ...{ folder, store, stage, now: clock.now, random: () => 0, log: pino({ level: 'silent' }) },
    enrolled: async () => ({
      deviceId,
      hub: { urls: ['https://hub'], caPem: '', mqttPort: 1, signingKey: publicJwk(hubKey) },
    }),
    sources: () => [world.broken ?? huggingFace({ url: server.url }, { idleMs: 200, connections: 1 })],
    knownClip: async () => null,
    hearClip: async () => '',
    sleep: async (ms, signal) => {
      if (ms < 2 ** 30) slept.push(ms)
      // time passes when the test says so
      await new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true })
        onward = () => {
          clock.advance(ms)
          resolve()
        }
        if (signal.aborted) resolve()
      })
    },
  })
  let onward = () => {}
  seeker.connect({
    fetchClip: null,
    say: (code, detail) => void events.push(`${code} ${detail.code ?? detail.build}`),
    sayReported: () => reasons.push(seeker.report().seeking?.reason?.code ?? null),
  })
  const end = async () => {
    await seeker.close()
    await server.stop()
  }
  onTestFinished(end)
  await seeker.start()
  const assign = async (revision: number, id: string, more: Partial<Assignment> = {}) =>
    seeker.accept({
      at: 0,
      leaseMs: 0,
      revision,
      assignment: await signed(assignmentOf(revision, buildNamed(id), more)),
    })
  const settled = (is: 'converged' | 'blocked', revision: number) =>
    eventually(`${is} at ${revision}, not ${JSON.stringify(seeker.report())}`, () => {
      const { seeking } = seeker.report()
      return seeking?.is === is && seeking.revision === revision
    })
  return {
    ...{ seeker, stage, server, store, world, slept, events, assign, settled, folder, end },
    wait: () => onward(),
  }
}

test('an assignment is fetched, tested and applied; the next one stops it only once its own files are there', async () => {
  const { assign, settled, stage, seeker, events } = await device()
  await assign(3, 'old')
  await settled('converged', 3)
  await assign(4, 'new')
  await settled('converged', 4)
  expect(stage.deeds).toEqual(['hold old', 'let go', 'hold new'])
  expect(events).toEqual(['build-applied old', 'build-applied new'])
  expect(seeker.report()).toMatchObject({
    ...{ revisionSeen: 4, revisionApplied: 4, failure: null, restart: 0 },
    smoke: { outcome: 'flagged', answer: { prompt: 'known-prompt', text: answer } },
    holds: expect.arrayContaining(buildNamed('new').files.map(({ sha256 }) => sha256)),
  })
})

test('after a restart without a hub it serves what it had applied', async () => {
  const first = await device()
  await first.assign(3, 'old')
  await first.settled('converged', 3)
  await first.end()
  const { stage, settled, server } = await device({ folder: first.folder })
  await settled('converged', 3)
  expect([stage.deeds, server.asked]).toEqual([['hold old'], []])
})

test.each<[string, (device: { stage: FakeStage }) => void, string]>([
  ['says nothing', ({ stage }) => (stage.says = ''), 'empty'],
  ['cannot be loaded', ({ stage }) => (stage.refuses = 'new'), 'bad-file'],
])('a build that %s is rolled back, is not tried again, and not even after a restart', async (_, spoil, code) => {
  const first = await device()
  await first.assign(3, 'old')
  await first.settled('converged', 3)
  spoil(first)
  await first.assign(4, 'new')
  await first.settled('blocked', 4)
  expect(first.stage.deeds).toEqual(['hold old', 'let go', 'hold new', 'hold old'])
  expect(first.events).toContain(`rolled-back ${code}`)
  const { failure, seeking, revisionApplied } = first.seeker.report()
  expect([failure?.code, seeking?.reason?.retryAt, revisionApplied]).toEqual([code, null, 3])
  await first.end()
  const second = await device({ folder: first.folder })
  await second.settled('blocked', 4)
  expect([second.stage.deeds, second.events]).toEqual([['hold old'], []])
})

const other = generateKeyPairSync('ed25519').privateKey
test.each<[string, () => Promise<string>, string]>([
  ['by another key', () => signed(assignmentOf(4, buildNamed('new')), other), 'unsigned'],
  ['as another kind of thing', () => signed(assignmentOf(4, buildNamed('new')), hubKey, 'JWT'), 'unsigned'],
  ['by nobody', async () => `${btoa('{"alg":"none"}')}.${btoa('{}')}.`, 'unsigned'],
  [
    'by a shared secret',
    () => new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32)),
    'unsigned',
  ],
  ['for another device', () => signed(assignmentOf(4, buildNamed('new'), { deviceId: 'theirs' })), 'other-device'],
  ['for another revision', () => signed(assignmentOf(5, buildNamed('new'))), 'other-revision'],
  ['and is no assignment', () => signed({ deviceId }), 'not-understood'],
])('what is signed %s is refused, and what serves goes on', async (_, jws, code) => {
  const { assign, settled, seeker, stage, events } = await device()
  await assign(3, 'old')
  await settled('converged', 3)
  await seeker.accept({ at: 0, leaseMs: 0, revision: 4, assignment: await jws() })
  const { revisionSeen, revisionApplied, failure } = seeker.report()
  expect([revisionSeen, revisionApplied, failure]).toEqual([4, 3, { code: 'assignment-refused', detail: code }])
  expect([stage.deeds, events.at(-1)]).toEqual([['hold old'], `assignment-refused ${code}`])
})

test('what is older than what is followed is refused, and silence takes nothing back', async () => {
  const { assign, settled, seeker, stage, events } = await device()
  await assign(3, 'old')
  await settled('converged', 3)
  await assign(2, 'new')
  await seeker.accept({ at: 0, leaseMs: 0, revision: 0 })
  expect([stage.deeds, events.at(-1)]).toEqual([['hold old'], 'assignment-refused older'])
})

test('a new assignment ends the fetch of the one before', async () => {
  const { assign, settled, server, stage } = await device()
  server.fault = ({ url }) => (url.includes('new') ? { kind: 'stalled', after: 10 } : undefined)
  await assign(3, 'new')
  await eventually('the fetch began', () => server.asked.length > 0)
  await assign(4, 'old')
  await settled('converged', 4)
  expect(stage.deeds).toEqual(['hold old'])
})

test('a file of the assignment that was changed on the disk is found out before the old build is stopped', async () => {
  const { assign, settled, stage, store, server } = await device()
  await assign(3, 'old')
  await settled('converged', 3)
  const [file] = buildNamed('new').files
  if (file) writeFileSync(store.pathOf(file), Buffer.alloc(file.bytes))
  await assign(4, 'new')
  await settled('converged', 4)
  expect(stage.deeds).toEqual(['hold old', 'let go', 'hold new'])
  expect(server.asked.some(({ url }) => url.endsWith('new.gguf'))).toBe(true)
})

const faults: [string, Fault, code: string, waitMs: number | null][] = [
  ['breaks off', { kind: 'truncated', after: 0 }, 'truncated', 5_000],
  ['sends other bytes', { kind: 'wrong-bytes' }, 'wrong-bytes', null],
  ['has another length', { kind: 'wrong-length', says: 5 }, 'wrong-length', null],
  ['does not have it', { kind: 'status', status: 404 }, 'not-found', 5_000],
  ['says that it ends earlier', { kind: 'status', status: 416 }, 'range-refused', null],
  ['asks for ten minutes', { kind: 'status', status: 429, retryAfter: '600' }, 'too-many-requests', 600_000],
  ['says nothing', { kind: 'stalled', after: 0 }, 'source-stalled', 5_000],
  ['redirects to itself', { kind: 'redirect', to: '/new.gguf' }, 'redirect-loop', 5_000],
  ['fails', { kind: 'status', status: 500 }, 'source-failed', 5_000],
  ['is gated', { kind: 'status', status: 403 }, 'gated', 5_000],
]
test.each(faults)('a source that %s: the reason and when it is tried again', async (_, fault, code, waitMs) => {
  const { assign, settled, seeker, server, slept, stage, wait } = await device()
  await assign(3, 'old')
  await settled('converged', 3)
  server.fault = () => fault
  await assign(4, 'new')
  await settled('blocked', 4)
  const { failure, seeking } = seeker.report()
  expect([failure?.code, seeking?.reason?.code, seeking?.reason?.retryAt === null]).toEqual([
    code,
    code,
    waitMs === null,
  ])
  expect(stage.deeds).toEqual(['hold old'])
  if (waitMs === null) return expect(slept).toEqual([])
  await eventually('it waits', () => slept.length === 1)
  expect(slept).toEqual([waitMs])
  server.fault = () => undefined
  wait()
  await settled('converged', 4)
  expect(seeker.report().failure).toBeNull()
})

test('a source without ranges does', async () => {
  const { assign, settled, server } = await device()
  server.fault = () => ({ kind: 'no-ranges' })
  await assign(3, 'new')
  await settled('converged', 3)
})

test('a disk without room is waited for', async () => {
  const { assign, settled, seeker, world, slept, wait } = await device({ freeBytes: 500e6 + 100 })
  await assign(3, 'old')
  await settled('blocked', 3)
  expect(seeker.report().seeking?.reason).toMatchObject({
    code: 'disk-short',
    detail: { step: 'make-room', needBytes: 50_000 },
  })
  await eventually('it waits', () => slept.length === 1)
  world.freeBytes = 1e12
  wait()
  await settled('converged', 3)
})

test.each(['disk-full', 'store-read-only'] as const)('%s in the middle is waited for', async (code) => {
  const { assign, settled, seeker, world, slept, wait } = await device({
    source: { name: 'a fake', read: async () => fail(code, { cause: 'E' }) },
  })
  await assign(3, 'old')
  await settled('blocked', 3)
  expect(seeker.report().seeking?.reason?.code).toBe(code)
  await eventually('it waits', () => slept.length === 1)
  world.broken = null
  wait()
  await settled('converged', 3)
})

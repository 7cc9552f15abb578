import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { deviceClassOf } from '@tradewind/fleet'
import type { Facts } from '@tradewind/protocol'
import type { Role, Store } from '@tradewind/store'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callRoute, routeFiles } from './route-files'
import { ScriptedHub } from './scripted-hub'
import { store } from './store'

const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-rest-'))
process.env.TRADEWIND_DATA = folder

let opened: Store
let routes: Awaited<ReturnType<typeof routeFiles>>
let hub: ScriptedHub
const tokens = {} as Record<Role, string>
const ids = {} as Record<'pi' | 'small' | 'server', string>

const GiB = 2 ** 30
const factsOf = (memory: number): Facts => ({
  cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: ['asimddp'] },
  memory: { totalBytes: memory * GiB, availableBytes: memory * 0.9 * GiB },
  storage: { path: '/', totalBytes: 250 * GiB, freeBytes: 100 * GiB },
})

beforeAll(async () => {
  opened = await store()
  routes = await routeFiles()
  await opened.setHubInfo({ urls: ['https://10.0.0.2:7443'], caSha256: 'ab'.repeat(32), mqttPort: 8883, version: '1' })
  for (const role of ['viewer', 'operator', 'admin'] as const)
    tokens[role] = (await opened.createApiToken({ name: role, role, actor: 'up' })).secret
  ids.pi = await enrol('pi', 8)
  ids.small = await enrol('small', 1)
  ids.server = await enrol('server', 64)
})
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  hub = await ScriptedHub.start(folder)
})
afterEach(async () => {
  await hub.stop()
  for (const { id } of await opened.workloads()) await opened.deleteWorkload(id, 'up')
})

async function enrol(name: string, memory: number): Promise<string> {
  const publicKey = `key of ${name}`
  const claims = { name, agentVersion: '0.1.0', hints: {} }
  await opened.enrol({ publicKey, thumbprint: btoa(publicKey.padEnd(30)), claims, address: '10.0.0.3' })
  const { parked } = await opened.pageOfParked({ refused: false, offset: 0, limit: 10 })
  const id = await opened.approveParked(parked[0]?.fingerprint ?? '', 'up')
  if (!id) throw new Error(`${name} was not let in`)
  const facts = factsOf(memory)
  const report = { at: 1, agentVersion: '0.1.0', deviceClass: deviceClassOf(facts), facts, unreadable: [] }
  const none = { batches: [], events: [], presences: [], reported: [], measured: [] }
  await opened.commit({ ...none, reports: [{ deviceId: id, report, receivedMs: Date.now() }] })
  return id
}

const call = (method: string, url: string, body?: unknown, role: Role = 'operator') =>
  callRoute(routes, method, url, tokens[role], body)
const calls = { id: 'calls', useCases: ['transcription'], context: 4096 }

describe('work', () => {
  const span = 'fromMs=0&toMs=9000000000000'

  test('of the fleet and of a device, with its speeds', async () => {
    const { num } = (await opened.device(ids.pi)) ?? { num: 0 }
    const done = { requests: 2, audioSeconds: 60, hearingSeconds: 30, generatedTokens: 50, generationSeconds: 5 }
    const atMs = Date.now()
    const samples = [{ seq: 1, atMs, figures: {}, work: done }]
    const none = { events: [], presences: [], reports: [], reported: [], measured: [] }
    await opened.commit({ ...none, batches: [{ device: num, stream: 'abcdefgh', receivedMs: atMs, samples }] })
    await opened.rollUp()
    const told = { work: { ...done, promptTokens: 0 }, realTimeFactor: 0.5, tokensPerSecond: 10 }
    expect(await call('GET', `/work?${span}`, undefined, 'viewer')).toMatchObject({ code: 200, json: told })
    expect(await call('GET', `/devices/${ids.pi}/work?${span}`)).toMatchObject({ code: 200, json: told })
    expect((await call('GET', `/devices/${ids.small}/work?${span}`)).json).toMatchObject({
      work: { requests: 0 },
      realTimeFactor: null,
      tokensPerSecond: null,
    })
  })

  test('is of the last day unless told otherwise, and of no device that is not there', async () => {
    const { fromMs, toMs } = (await call('GET', '/work')).json
    expect(toMs - fromMs).toBe(86_400_000)
    expect(await call('GET', '/devices/nobody/work')).toMatchObject({ code: 404 })
    expect(await call('GET', '/work?fromMs=yesterday')).toMatchObject({ code: 400 })
  })
})

describe('workloads', () => {
  test('are made, found, changed with a plan, and forgotten, each with its entry in the audit', async () => {
    const own = { ...calls, id: 'own' } // the others delete theirs, which keeps its versions
    expect(await call('POST', '/workloads', own)).toMatchObject({ code: 200, json: { id: 'own', version: 1 } })
    expect((await call('GET', '/workloads')).json.workloads).toMatchObject([{ id: 'own' }])
    const changed = await call('PUT', '/workloads/own', { workload: { ...own, context: 8192 }, plan: {} })
    expect(changed.json).toMatchObject({
      placedVersion: 1,
      workload: { context: 8192 },
      rolloutPlan: { waves: [{ devices: 1 }, {}, {}, {}] },
    })
    expect(changed.json.version).toBeGreaterThan(1)
    expect((await call('DELETE', '/workloads/own')).json).toEqual({ deleted: true })
    expect(await call('GET', '/workloads/own')).toMatchObject({ code: 404, json: { code: 'not-found' } })
    const { audit } = (await call('GET', '/audit?limit=3')).json
    expect(audit.map((one: { action: string }) => one.action)).toEqual([
      'workload-deleted',
      'workload-changed',
      'workload-created',
    ])
    expect(audit[0].actor).toBe('api:operator')
  })

  test.each([
    ['POST', '/workloads', { ...calls, id: 'No Id' }, 400, 'bad-request'],
    ['POST', '/workloads', { ...calls, useCases: ['sailing'] }, 400, 'bad-request'],
    ['PUT', '/workloads/nothing', { workload: { ...calls, id: 'nothing' } }, 404, 'not-found'],
    ['PUT', '/workloads/other', { workload: calls }, 400, 'bad-request'],
    ['DELETE', '/workloads/nothing', undefined, 404, 'not-found'],
  ])('%s %s with %j is refused with %i', async (method, url, body, code, problem) => {
    expect(await call(method, url, body)).toMatchObject({ code, json: { code: problem, next: expect.any(String) } })
  })

  test('an id is given once', async () => {
    await call('POST', '/workloads', calls)
    expect(await call('POST', '/workloads', calls)).toMatchObject({ code: 409, json: { code: 'conflict' } })
  })

  test('a viewer looks and changes nothing', async () => {
    expect((await call('GET', '/workloads', undefined, 'viewer')).code).toBe(200)
    expect(await call('POST', '/workloads', calls, 'viewer')).toMatchObject({ code: 403, json: { code: 'forbidden' } })
    expect((await call('POST', '/assignments', { devices: [ids.pi], build: 'x' }, 'viewer')).code).toBe(403)
  })
})

describe('a preview', () => {
  test('of a draft says of each device what it gets, or why not, with numbers and words', async () => {
    const { code, json } = await call('POST', '/preview', { draft: calls }, 'viewer')
    expect(code).toBe(200)
    expect(json).toMatchObject({ devices: 3, counts: { refused: 1 } })
    expect(json.rows[0]).toMatchObject({ name: 'small', outcome: 'refused', to: null })
    const [short] = json.rows[0].refusals.filter((one: { code: string }) => one.code === 'memory-short')
    expect(short.needBytes).toBeGreaterThan(short.haveBytes)
    expect(json.rows[0].words.join()).toContain('GiB of memory')
    expect(json.refusedBy['memory-short']).toBe(1)
    expect((await call('GET', '/workloads')).json.workloads).toEqual([])
  })

  test('of a draft beside a workload of the same priority shows the tie', async () => {
    await call('POST', '/workloads', calls)
    const { json } = await call('POST', '/preview', { draft: { ...calls, id: 'other' } })
    expect(json.counts.tied).toBe(3)
    expect(json.rows[0]).toMatchObject({ outcome: 'tied', workloads: ['calls', 'other'] })
  })

  test('of a changed workload counts the devices that it decides about, whatever others would do elsewhere', async () => {
    await call('PUT', `/devices/${ids.pi}/labels`, { labels: { site: 'lyon' } })
    await call('POST', '/workloads', { ...calls, selects: { site: 'lyon' } })
    const { json } = await call('POST', '/preview', { draft: { ...calls, selects: { site: 'lyon' } } })
    expect(json.counts).toMatchObject({ idle: 2, tied: 0 })
    expect(json.rows[0].name).toBe('pi')
  })

  test('of a build for devices with a label looks at those alone', async () => {
    await call('PUT', `/devices/${ids.pi}/labels`, { labels: { site: 'lyon' } })
    const build = (await opened.catalogue()).builds[0]?.id
    const { json } = await call('POST', '/preview', { labels: { site: 'lyon' }, build })
    expect(json.rows.map((row: { name: string }) => row.name)).toEqual(['pi'])
    expect(json.rows[0].words.join()).toContain(build)
  })

  test('of a build that nobody knows is refused', async () => {
    const { code, json } = await call('POST', '/preview', { devices: [ids.pi], build: 'nope' })
    expect([code, json.message]).toEqual([404, 'There is no such build.'])
  })

  test('of a build without its files says so, whatever the device serves', async () => {
    const serving = { build: 'mine', label: 'mine', demo: false, state: 'ready' as const, since: 1, failure: null }
    const reported = {
      at: 1,
      revisionSeen: 0,
      revisionApplied: 0,
      failure: null,
      serving: { ...serving, engine: null },
    }
    const none = { batches: [], events: [], presences: [], reports: [], measured: [] }
    await opened.commit({ ...none, reported: [{ deviceId: ids.pi, reported, receivedMs: Date.now() }] })
    const { json } = await call('POST', '/preview', { devices: [ids.pi], build: 'e2b-q8_0' })
    expect(json.rows).toMatchObject([
      { outcome: 'unresolved', from: 'mine', to: 'e2b-q8_0', refusals: [{ code: 'files-unresolved' }] },
    ])
  })

  test('cuts its rows, not its counts', async () => {
    const { json } = await call('POST', '/preview', { draft: calls, limit: 1 })
    expect(json.rows).toHaveLength(1)
    expect(json.devices).toBe(3)
  })

  test.each([{}, { build: 'x' }, { devices: ['a'] }, { draft: calls, build: 'x' }, { labels: {}, build: 'x' }])(
    'of %j is refused',
    async (body) => {
      expect(await call('POST', '/preview', body)).toMatchObject({ code: 400, json: { code: 'bad-request' } })
    },
  )
})

describe('what only the hub does', () => {
  test('an assignment by labels reaches it with ids, and its refusals come back in words', async () => {
    await call('PUT', `/devices/${ids.server}/labels`, { labels: { room: 'rack' } })
    const short = { code: 'memory-short', needBytes: 2 * GiB, haveBytes: GiB, longestContext: 0 }
    hub.says('/assign', { assigned: [], refused: [{ deviceId: ids.server, ...short }], rollouts: [] })
    const { json } = await call('POST', '/assignments', { labels: { room: 'rack' }, workload: 'calls', plan: {} })
    expect(hub.asked).toMatchObject([
      { path: '/assign', body: { deviceIds: [ids.server], workload: 'calls', build: null, actor: 'api:operator' } },
    ])
    expect(hub.asked[0]?.body).toMatchObject({ plan: { mostAtOnce: { share: 0.25 } } })
    expect(json.refused).toMatchObject([{ ...short, says: expect.stringContaining('2.00 GiB of memory') }])
  })

  test('labels that no device has are no order', async () => {
    expect((await call('POST', '/assignments', { labels: { room: 'moon' }, build: 'x' })).code).toBe(404)
    expect(hub.asked).toEqual([])
  })

  test.each([
    [`/devices/DEVICE/restart`, undefined, '/restart', { deviceIds: ['DEVICE'] }],
    ['/proposals/accept', { devices: ['DEVICE'] }, '/proposals/accept', { deviceIds: ['DEVICE'], plan: null }],
  ])('POST %s', async (url, body, path, asked) => {
    hub.says(path, { assigned: [{ deviceId: 'DEVICE', revision: 2, build: 'b' }], refused: [], rollouts: [] })
    expect((await call('POST', url, body)).json.assigned).toHaveLength(1)
    expect(hub.asked).toEqual([{ path, body: { ...asked, actor: 'api:operator' } }])
  })

  test('a rollout is steered by its four verbs alone', async () => {
    hub.says('/rollouts/r1/roll-back', { id: 'r1', state: 'rolling-back' })
    expect((await call('POST', '/rollouts/r1/roll-back')).json).toMatchObject({ state: 'rolling-back' })
    expect(await call('POST', '/rollouts/r1/sink')).toMatchObject({ code: 404 })
    expect(hub.asked).toHaveLength(1)
  })

  test('its refusal is passed on, and its absence is a 503', async () => {
    const problem = { code: 'conflict', message: 'It has ended.', next: 'Start another.' }
    hub.says('/rollouts/r1/pause', problem, 409)
    expect(await call('POST', '/rollouts/r1/pause')).toEqual({ code: 409, json: problem })
    await hub.stop()
    expect(await call('POST', '/rollouts/r1/pause')).toMatchObject({ code: 503, json: { code: 'store-unavailable' } })
  })
})

describe('clips of smoke tests', () => {
  const kept = {
    ...{ id: 'c1', sha256: '0'.repeat(64), bytes: 4, language: 'es', reference: 'hola' },
    ...{ workload: 'calls', build: null, addedMs: 1, addedBy: 'api:operator' },
  }
  const query = 'workload=calls&language=es&text=hola'

  test('are passed on to the hub, for a workload that is there', async () => {
    expect(await call('POST', `/clips?${query}`, 'RIFF')).toMatchObject({ code: 404, json: { code: 'not-found' } })
    await call('POST', '/workloads', calls)
    hub.says(`/smoke-clips?${query}&actor=api%3Aoperator`, kept)
    expect(await call('POST', `/clips?${query}`, 'RIFF')).toEqual({ code: 200, json: kept })
    hub.says('/smoke-clips', { clips: [kept] })
    expect((await call('GET', '/clips', undefined, 'viewer')).json.clips).toEqual([kept])
    hub.says('/smoke-clips/c1/delete', { deleted: true })
    expect((await call('DELETE', '/clips/c1')).json).toEqual({ deleted: true })
  })

  test.each(['language=es&text=a', 'workload=calls&build=x&language=es&text=a', 'workload=calls&language=es'])(
    'with %s are refused',
    async (wrong) => {
      expect(await call('POST', `/clips?${wrong}`, 'RIFF')).toMatchObject({ code: 400, json: { code: 'bad-request' } })
    },
  )

  test('are not added by a viewer', async () => {
    expect((await call('POST', `/clips?${query}`, 'RIFF', 'viewer')).code).toBe(403)
  })
})

test('the decision for a device names its workload and explains itself', async () => {
  expect((await call('GET', `/devices/${ids.pi}/decision`)).json).toMatchObject({ workload: null, decision: null })
  await call('POST', '/workloads', calls)
  const { json } = await call('GET', `/devices/${ids.pi}/decision`)
  expect(json).toMatchObject({
    workload: 'calls',
    outcome: { kind: expect.any(String) },
    words: { refusals: expect.any(Array) },
  })
  expect((await call('GET', '/devices/nobody/decision')).code).toBe(404)
})

describe('the decision for a device as its page shows it', () => {
  test('is made anew for another context, and that is kept nowhere', async () => {
    await call('POST', '/workloads', calls)
    const own = (await call('GET', `/devices/${ids.pi}/decision`, undefined, 'viewer')).json.panel
    expect(own).toMatchObject({ context: 4096, ownContext: 4096 })
    const longer = (await call('GET', `/devices/${ids.pi}/decision?context=131072`, undefined, 'viewer')).json.panel
    expect(longer).toMatchObject({ context: 131_072, ownContext: 4096 })
    const refused = (panel: { candidates: { verdict: string }[] }) =>
      panel.candidates.filter(({ verdict }) => verdict === 'refused').length
    expect(refused(longer)).toBeGreaterThan(refused(own))
    expect((await call('GET', `/devices/${ids.pi}/decision?context=0`)).code).toBe(400)
  })

  test('is shown also where no workload selects it, and names those that are tied', async () => {
    const idle = (await call('GET', `/devices/${ids.pi}/decision`)).json
    expect(idle).toMatchObject({ workload: null, decision: null, words: null, basis: null, panel: { outcome: null } })
    await call('POST', '/workloads', calls)
    await call('POST', '/workloads', { ...calls, id: 'others' })
    expect((await call('GET', `/devices/${ids.pi}/decision`)).json).toMatchObject({
      tied: ['calls', 'others'],
      decision: null,
      panel: null,
    })
  })

  test('says what is otherwise since the assignment that it has', async () => {
    await call('POST', '/workloads', calls)
    const { decision } = (await call('GET', `/devices/${ids.server}/decision`)).json
    const [build] = (await opened.catalogue()).builds
    if (!build) throw new Error('the catalogue is empty')
    const files = build.files.map((file) => ({ ...file, sha256: 'a'.repeat(64), commit: 'c'.repeat(40), exact: true }))
    const options = { context: 4096, slots: 1, cacheType: 'f16', microBatch: 512, pool: 'memory' } as const
    const smoke = { baseline: null, mostWordErrors: 0.2, speedShare: 0.5, leastPerSecond: 0, clips: [] }
    const kept = { ...decision, workload: { ...decision.workload, context: 2048 } }
    await opened.assign(
      [
        {
          deviceId: ids.server,
          workload: { id: 'calls', version: 1 },
          build: { ...build, files, label: 'a build' } as never,
          ...{ options, smoke, decision: kept },
        },
      ],
      { actor: 'up', cause: 'person', atMs: 1_790_000_000_000 },
    )
    const { basis } = (await call('GET', `/devices/${ids.server}/decision`)).json
    expect(basis).toMatchObject({ revision: 1, cause: 'person', build: build.id })
    expect(basis.differs).toContain('its workload asks for 4,096 tokens of context, and asked for 2,048 tokens')
  })
})

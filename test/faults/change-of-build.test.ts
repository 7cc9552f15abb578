import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { gemma4 } from '@tradewind/fleet'
import { type Build, type CatalogueFile, RolloutPlan, type Workload } from '@tradewind/protocol'
import type { Store } from '@tradewind/store'
import {
  eventually,
  foreignBaselines,
  freePort,
  HubProgram,
  Program,
  pocketClips,
  postHub,
  testFolder,
} from '@tradewind/testkit'
import { expect, onTestFinished, test } from 'vitest'

const fixtures = path.resolve(import.meta.dirname, '../fixtures')
const commit = 'c'.repeat(40)
const hosts = ['pi-5-8gb', 'pi-5-16gb', 'android-12gb-termux']
const actor = 'user:ada'

/** Two builds of the pocket model, which stand in for a device's real ones: the files are real, and they hear. */
const pocket = (): CatalogueFile => {
  const e2b = gemma4.variants.find(({ id }) => id === 'e2b')
  if (!e2b) throw new Error('the catalogue has no e2b')
  const file = (role: 'weights' | 'projector', name: string) => {
    const bytes = readFileSync(path.join(fixtures, 'pocket', name))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return {
      ...{ role, repository: 'tradewind/pocket', commit, path: name, bytes: bytes.length, exact: true, sha256 },
      ...{ standing: 'confirmed' as const, source: 'a test' },
    }
  }
  const build = (id: string, quantisation: string, bitsPerWeight: number, name: string): Build => ({
    ...{ id, variant: 'pocket', quantisation, bitsPerWeight, quantisationAware: false, engine: 'llama-server' },
    ...{ hears: true, sees: false, demo: true, label: `pocket ${quantisation}` },
    files: [file('weights', `${name}.gguf`), file('projector', `${name}-mmproj.gguf`)],
  })
  const builds = [build('pocket-q8', 'Q8_0', 8.5, 'pocket-q8'), build('pocket-f16', 'F16', 16, 'pocket-f16')]
  return { variants: [{ ...e2b, id: 'pocket', name: 'Pocket', sees: false }], builds }
}

/** Serves the files at the paths of Hugging Face, and counts what is asked for. */
async function fileSource() {
  const asked: string[] = []
  const server = createServer((request, reply) => {
    const name = path.basename(request.url ?? '')
    asked.push(name)
    const bytes = readFileSync(path.join(fixtures, 'pocket', name))
    const [, from = 0, to = bytes.length - 1] = (/bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []).map(
      Number,
    )
    const isPart = request.headers.range !== undefined
    const part = bytes.subarray(from, (to || bytes.length - 1) + 1)
    const range = isPart && { 'content-range': `bytes ${from}-${from + part.length - 1}/${bytes.length}` }
    reply.writeHead(isPart ? 206 : 200, { 'content-length': part.length, 'accept-ranges': 'bytes', ...range }).end(part)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${port}`, asked }
}

async function fleet() {
  const hub = await HubProgram.start(testFolder('change-of-build'))
  const store = await hub.store()
  expect(await store.setCatalogue(pocket(), 'test')).toEqual([])
  const source = await fileSource()
  const devices: { id: string; api: string }[] = []
  for (const host of hosts) {
    const port = await freePort()
    const agent = Program.start('agent', {
      ...{ TRADEWIND_AGENT_DATA: testFolder('agent'), TRADEWIND_TOKEN: await hub.token(), TRADEWIND_NAME: host },
      ...{ TRADEWIND_CAPTURED_HOST: path.join(fixtures, 'hosts', host), TRADEWIND_HF_URL: source.url },
      ...{
        TRADEWIND_API_PORT: String(port),
        TRADEWIND_SAMPLE_MS: '60000',
        TRADEWIND_ENGINES: testFolder('no-engines'),
      },
    })
    await agent.says('connected to the hub')
    const known = await eventually(`${host} reports`, async () =>
      (await store.listDevices()).find(({ name, deviceClass }) => name === host && deviceClass !== null),
    )
    devices.push({ id: known.id, api: `http://127.0.0.1:${port}` })
  }
  return { hub, store, devices, source }
}

const served = async (store: Store, id: string) => (await store.device(id))?.serving?.build
const inSync = (store: Store, devices: { id: string }[], build: string) =>
  eventually(
    `all serve ${build}, in sync`,
    async () => {
      const all = await Promise.all(devices.map(({ id }) => store.device(id)))
      return all.every(
        (one) => one?.sync === 'in-sync' && one.serving?.build === build && one.serving.state === 'ready',
      )
    },
    90_000,
  )

async function hears(api: string): Promise<unknown> {
  const [clip] = pocketClips('heldout')
  if (!clip) throw new Error('there are no clips')
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(clip.bytes)]), 'clip.flac')
  form.set('language', clip.lang)
  const reply = await fetch(`${api}/v1/audio/transcriptions`, { method: 'POST', body: form })
  return ((await reply.json()) as { text?: string }).text
}

/** A port that was taken when the agent wanted it is tried again: as a client does, so it is asked again. */
const hearsInTime = (api: string) =>
  eventually('it hears', async () => /\w+ \w+/.test(String(await hears(api).catch(() => ''))), 60_000)

test('devices reach what a workload wants, change in waves, and a canary that fails its test keeps its old build', async () => {
  const { hub, store, devices } = await fleet()
  const ids = devices.map(({ id }) => id).sort()
  const calls: Workload = { id: 'calls', useCases: ['transcription'], context: 1024, pin: 'pocket-q8' }
  const plan = RolloutPlan.parse({
    ...{ waves: [{ devices: 1 }, { share: 1 }], mostAtOnce: { share: 1 } },
    gate: { soakMs: 0, speedShare: 0, failureShare: 0 },
  })
  const change = async (pin: string) => {
    const before = new Set((await store.rollouts()).map(({ id }) => id))
    await store.changeWorkload({ ...calls, pin }, plan, actor)
    await postHub(hub, '/wake', {}).catch(() => {})
    const made = async () => (await store.rollouts()).find(({ id }) => !before.has(id))
    return (await eventually('a rollout', made, 20_000)).id
  }
  const reaches = (id: string, state: string) =>
    eventually(`the rollout is ${state}`, async () => (await store.rollout(id))?.state === state, 120_000)

  await store.createWorkload(calls, actor)
  await inSync(store, devices, 'pocket-q8')
  for (const { api } of devices) await hearsInTime(api)

  const first = await change('pocket-f16')
  await reaches(first, 'done')
  await inSync(store, devices, 'pocket-f16')
  expect((await store.rollout(first))?.members.map(({ deviceId }) => deviceId).sort()).toEqual(ids)

  // what the canaries are said to have answered is nothing that this model will say
  foreignBaselines(hub.folder, 'entirely other words')
  const second = await change('pocket-q8')
  await reaches(second, 'paused')
  const paused = await store.rollout(second)
  expect(paused?.pause?.code).toMatch(/smoke-test-failed|too-many-failures/)
  const canary = paused?.members.find(({ outcome }) => outcome === 'failed')?.deviceId ?? ''
  expect(paused?.members.filter(({ told }) => told !== null).map(({ deviceId }) => deviceId)).toEqual([canary])
  expect(await store.device(canary)).toMatchObject({ sync: 'failed', failure: { code: 'answer-differs' } })
  await eventually(
    'the canary serves its old build',
    async () => (await served(store, canary)) === 'pocket-f16',
    60_000,
  )
  const { api = '' } = devices.find(({ id }) => id === canary) ?? {}
  await hearsInTime(api)

  await postHub(hub, `/rollouts/${second}/roll-back`, { actor })
  await reaches(second, 'rolled-back')
  await inSync(store, devices, 'pocket-f16')
}, 400_000)

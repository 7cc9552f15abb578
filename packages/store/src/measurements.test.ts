import { gemma4, measuredBy, predictSpeed } from '@tradewind/fleet'
import type { BuildMeasured, Reported, Serving } from '@tradewind/protocol'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { openStore, type Store } from './open'
import { enrolOne, group, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
let store: Store

beforeEach(async () => {
  store = await openStore(newFile(folder))
  await store.setHubInfo(hub)
})
afterEach(() => store.close())

const measured = (more: Partial<BuildMeasured> = {}): BuildMeasured => ({
  build: 'e2b-q8_0',
  at: 1_790_000_000_000,
  deviceClass: 'v1:0123456789abcdef',
  engine: { name: 'llama-server', version: 'b7000', commit: 'de3ff81' },
  generationPerSecond: 11.8,
  ...more,
})
const say = (deviceId: string, ...builds: BuildMeasured[]) =>
  store.commit(group({ measured: [{ deviceId, measured: { builds } }] }))

test('of each device and build the latest is kept, also of a build that the device speaks of no more', async () => {
  const id = await enrolOne(store, 'till-7')
  await say(id, measured(), measured({ build: 'e4b-q4_0', generationPerSecond: 5 }))
  await say(id, measured({ at: 1_790_000_100_000, generationPerSecond: 12.5 }))
  expect((await store.device(id))?.measured).toEqual([
    measured({ at: 1_790_000_100_000, generationPerSecond: 12.5 }),
    measured({ build: 'e4b-q4_0', generationPerSecond: 5 }),
  ])
})

test('placement predicts from what was measured on the same class, the latest of two devices', async () => {
  const [one, two] = [await enrolOne(store, 'till-7'), await enrolOne(store, 'till-8')]
  await say(one, measured({ at: 1_790_000_200_000, generationPerSecond: 9 }))
  await say(two, measured({ at: 1_790_000_000_000, generationPerSecond: 7 }))
  const lookUp = measuredBy(await store.measurements())
  const build = gemma4.builds.find(({ id }) => id === 'e2b-q8_0')
  const variant = gemma4.variants.find(({ id }) => id === 'e2b')
  if (!build || !variant) throw new Error('the catalogue lacks E2B')
  const facts = {}
  const found = lookUp(build, { deviceClass: 'v1:0123456789abcdef', facts })
  const where = { facts, pool: 'memory' as const, known: { priors: [] }, derating: 1, measured: found }
  expect(predictSpeed(variant, build, where)).toMatchObject({ from: 'measured', generationPerSecond: 9 })
  expect(lookUp(build, { deviceClass: 'v1:ffffffffffffffff', facts })).toBeUndefined()
})

test('of a class only the latest of each build is read, whichever device said it', async () => {
  const [one, two] = [await enrolOne(store, 'till-7'), await enrolOne(store, 'till-8')]
  await say(one, measured({ at: 1_790_000_200_000, generationPerSecond: 9 }), measured({ build: 'e4b-q4_0' }))
  await say(two, measured({ generationPerSecond: 7 }), measured({ build: 'b', deviceClass: 'v1:ffffffffffffffff' }))
  const found = await store.measurements('v1:0123456789abcdef')
  expect(found.map(({ build, generationPerSecond }) => [build, generationPerSecond])).toEqual([
    ['e2b-q8_0', 9],
    ['e4b-q4_0', 11.8],
  ])
})

test('what is served is shown until the device serves nothing', async () => {
  const deviceId = await enrolOne(store, 'till-7')
  const serving: Serving = {
    build: 'e2b-q8_0',
    label: 'Gemma 4 E2B, Q8_0',
    demo: false,
    state: 'failed',
    since: 1_790_000_000_000,
    engine: null,
    failure: { code: 'out-of-memory', retryAt: null },
  }
  const report = (more: Partial<Reported>) => {
    const reported = { at: 1, revisionSeen: 0, revisionApplied: 0, failure: null, ...more }
    return store.commit(group({ reported: [{ deviceId, reported, receivedMs: 1 }] }))
  }
  await report({ serving })
  expect((await store.device(deviceId))?.serving).toEqual(serving)
  await report({})
  expect((await store.device(deviceId))?.serving).toBeNull()
})

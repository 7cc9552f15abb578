import path from 'node:path'
import { RolloutPlan } from '@tradewind/protocol'
import { openStore } from '@tradewind/store'
import { eventually, scriptedAssigning, testFolder } from '@tradewind/testkit'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import type { Roster } from '../admission/roster'
import { Feed } from '../feed'
import type { Watch } from '../watch'
import type { Assigned, Change } from './assign'
import { Rollouts } from './rollouts'

const plan = RolloutPlan.parse({ waves: [{ share: 1 }], mostAtOnce: { share: 1 }, gate: { soakMs: 0 } })
/** All devices are connected, and say what they did when the test makes them. */
const roster = { get: () => ({ isConnected: true }) } as unknown as Roster
const watch = { tell: () => {} } as unknown as Watch

/** A hub without doors: runners over one store, which live until `kill`. */
async function hubWith(count: number) {
  const folder = testFolder('rollouts')
  const store = await openStore(path.join(folder, 'tradewind.db'), { ingests: true })
  onTestFinished(() => store.close())
  await store.setHubInfo({ urls: ['https://10.0.0.1:1'], caSha256: 'ab'.repeat(32), mqttPort: 1, version: '0' })
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    const outcome = await store.enrol({
      ...{ publicKey: `key ${i}`, thumbprint: `print ${i}`, address: '' },
      claims: { name: `till-${i}`, agentVersion: '0', hints: {}, secret: await secretOf(store) },
    })
    if (outcome.state === 'enrolled') ids.push(outcome.deviceId)
  }
  const asked: Change[] = []
  const assign = scriptedAssigning(folder, asked)({ roster, watch, now: Date.now } as never)
  const start = async (parts: Partial<ConstructorParameters<typeof Rollouts>[0]> = {}) => {
    const log = pino({ level: 'silent' })
    const runner = new Rollouts({ store, roster, feed: new Feed(), assign, log, now: Date.now, ...parts })
    await runner.open()
    onTestFinished(() => runner.close())
    return runner
  }
  /** The device does what it was told last. */
  const apply = async (...deviceIds: string[]) => {
    const seen = new Map(await store.observeMembers(deviceIds.map((deviceId) => ({ deviceId, build: 'new' }))))
    const reported = deviceIds.map((deviceId) => {
      const revision = seen.get(deviceId)?.assigned?.revision ?? 0
      const smoke = { outcome: 'passed' as const, code: null }
      return {
        deviceId,
        receivedMs: 1,
        reported: { at: 1, revisionSeen: revision, revisionApplied: revision, failure: null, smoke },
      }
    })
    await store.commit({ batches: [], events: [], presences: [], reports: [], measured: [], reported })
  }
  const wanted = (build = 'new') => ({
    ...{ workloadId: 'calls', workloadVersion: 1, plan, actor: 'user:ada' },
    targets: ids.map((deviceId) => ({ deviceId, build })),
  })
  return { store, ids, asked, assign, start, apply, wanted }
}

async function secretOf(store: Awaited<ReturnType<typeof openStore>>) {
  const { text } = await store.createEnrolToken({ note: '', lifeMs: 60_000, actor: 'up' })
  return JSON.parse(Buffer.from(text.slice('tw1_'.length), 'base64url').toString()).secret as string
}

test('it tells, waits for what devices say, and is done; people are told each turn', async () => {
  const { store, ids, start, apply, wanted } = await hubWith(3)
  const feed = new Feed()
  const news: string[] = []
  feed.listen(({ kind, data }) => news.push(kind === 'rollout' ? `rollout ${data.state}` : kind))
  const runner = await start({ feed })
  const { id } = await runner.start(wanted())
  await eventually('all are told', async () => (await store.rollout(id))?.outcomes.changing === 3)
  await apply(...ids)
  await eventually('done', async () => (await store.rollout(id))?.state === 'done')
  expect(news).toEqual(expect.arrayContaining(['rollout running', 'event', 'rollout done']))
  const codes = (await store.listEvents(null)).map(({ code }) => code).filter((code) => code.startsWith('rollout-'))
  expect(codes.sort()).toEqual(['rollout-done', 'rollout-started'])
})

type Deed = () => Promise<Assigned>

test.each<[string, (deed: Deed, hang: Promise<Assigned>) => Promise<Assigned>]>([
  ['before the deeds are done', (_, hang) => hang],
  ['after they are done, before it knows', (deed, hang) => deed().then(() => hang)],
])('a hub that is killed %s tells every member once', async (_, killed) => {
  const { store, ids, asked, assign, start, apply, wanted } = await hubWith(5)
  const dying = await start({ assign: (...given) => killed(() => assign(...given), hang) })
  const hang = new Promise<Assigned>((end) => onTestFinished(() => end({ assigned: [], refused: [] })))
  const { id } = await dying.start(wanted())
  await eventually('it hangs where it was killed', async () => (await store.rollout(id))?.waiting?.code === 'changing')

  await start()
  await eventually('all are told', async () => (await store.rollout(id))?.outcomes.changing === 5)
  await apply(...ids)
  await eventually('done', async () => (await store.rollout(id))?.state === 'done')
  expect(asked.map(({ deviceId }) => deviceId).sort()).toEqual([...ids].sort())
})

test('a store that takes nothing, and assigning that fails, cost time and no truth', async () => {
  const { store, ids, asked, assign, start, apply, wanted } = await hubWith(2)
  let troubles = 4
  const trouble = () => (troubles-- > 0 ? Promise.reject(new Error('SQLITE_FULL')) : undefined)
  const runner = await start({
    store: { ...store, saveRollout: async (...given) => (await trouble()) ?? store.saveRollout(...given) },
    assign: async (...given) => (await trouble()) ?? assign(...given),
  })
  const { id } = await runner.start(wanted())
  await eventually('all are told', async () => (await store.rollout(id))?.outcomes.changing === 2)
  await apply(...ids)
  await eventually('done', async () => (await store.rollout(id))?.state === 'done')
  expect(asked).toHaveLength(2)
})

test('people roll back to what was there before, and are told what cannot be done', async () => {
  const { store, ids, asked, start, apply, wanted } = await hubWith(2)
  const runner = await start()
  for (const build of ['old', 'new']) {
    const { id } = await runner.start(wanted(build))
    await eventually('all are told', async () => (await store.rollout(id))?.outcomes.changing === 2)
    await apply(...ids)
    await eventually('done', async () => (await store.rollout(id))?.state === 'done')
  }
  const [{ id = '' } = {}] = await store.rollouts()
  expect(await runner.act({ id, act: 'pause', actor: 'user:bob' })).toEqual({
    ...{ ok: false, code: 'conflict', detail: { state: 'done' } },
  })
  expect(await runner.act({ id: 'none', act: 'pause', actor: 'user:bob' })).toMatchObject({
    ok: false,
    code: 'not-found',
    detail: { rollout: 'none' },
  })
  expect(await runner.act({ id, act: 'roll-back', actor: 'user:bob' })).toMatchObject({ ok: true, rollout: { id } })
  await eventually('all are told', () => asked.length === 6)
  expect(asked.slice(-2)).toEqual(ids.map(() => expect.objectContaining({ build: 'old', backTo: 1 })))
  await apply(...ids)
  await eventually('rolled back', async () => (await store.rollout(id))?.state === 'rolled-back')
  expect(await store.listAudit()).toContainEqual(
    expect.objectContaining({ action: 'rollout-rolling-back', actor: 'user:bob', target: id }),
  )
})

test('what was decided last counts: a newer rollout takes its members out of the older one', async () => {
  const { store, ids, start, apply, wanted } = await hubWith(3)
  const runner = await start()
  const older = await runner.start(wanted('old'))
  const newer = await runner.start({ ...wanted(), targets: wanted().targets.slice(0, 2) })
  await eventually('one is left', async () => (await store.rollout(older.id))?.outcomes.left === 2)
  await eventually('two are told', async () => (await store.rollout(newer.id))?.outcomes.changing === 2)
  await apply(...ids)
  for (const { id } of [older, newer]) await eventually('done', async () => (await store.rollout(id))?.state === 'done')
})

test('nobody to assign: it pauses with the code', async () => {
  const { store, start, wanted } = await hubWith(1)
  const refusing = async (changes: Change[]) => ({
    assigned: [],
    refused: changes.map(({ deviceId }) => ({ deviceId, code: 'files-unresolved' })),
  })
  const runner = await start({ assign: refusing })
  const { id } = await runner.start(wanted())
  const paused = await eventually('paused', async () => {
    const rollout = await store.rollout(id)
    return rollout?.state === 'paused' && rollout
  })
  expect(paused).toMatchObject({ pause: { code: 'too-many-failures' }, members: [{ refused: 'files-unresolved' }] })
})

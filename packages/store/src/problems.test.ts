import type { HealthCode, HealthProblem } from '@tradewind/fleet'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore, type Store } from './open'
import type { ProblemChanges, ProblemQuery } from './problems'
import { enrolOne, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const nowMs = Date.parse('2026-11-24T12:00:00Z')
const minute = 60_000
const day = 24 * 60 * minute
let store: Store
let till: string
let kiosk: string

beforeEach(async () => {
  store = await openStore(newFile(folder))
  await store.setHubInfo(hub)
  till = await enrolOne(store, 'till-7')
  kiosk = await enrolOne(store, 'kiosk')
})
afterEach(() => store.close())

const problem = (deviceId: string, code: HealthCode, more: Partial<HealthProblem> = {}) => ({
  ...{ deviceId, code, about: null, severity: 'warning' as const, sinceMs: nowMs - minute, numbers: {} },
  ...more,
})
const keep = (changes: Partial<ProblemChanges>, atMs = nowMs) =>
  store.keepProblems({ nowMs: atMs, begun: [], changed: [], ended: [], ...changes })
const page = (query: Partial<ProblemQuery> = {}) =>
  store.pageOfProblems({
    ...{ state: 'open', code: null, severity: null, deviceId: null, nowMs, offset: 0, limit: 100 },
    ...query,
  })
const idsOf = async (query: Partial<ProblemQuery> = {}) => (await page(query)).problems.map(({ id }) => id)
const codes = async (query: Partial<ProblemQuery> = {}) => (await page(query)).problems.map(({ code }) => code)

describe('what is wrong', () => {
  test('is kept with its numbers, and read back as where health begins after a restart', async () => {
    const hot = problem(till, 'hot', { numbers: { celsius: 84.2, limitCelsius: 85 } })
    const failed = problem(kiosk, 'assignment-failed', { about: 'no-space', severity: 'critical' })
    await keep({ begun: [hot, failed] })
    expect((await store.openProblems()).toSorted((a, b) => (a.code < b.code ? -1 : 1))).toEqual([failed, hot])
    expect((await page()).problems).toMatchObject([
      { ...failed, deviceName: 'kiosk', state: 'waiting', endedMs: null, acknowledged: null, silenced: null },
      { ...hot, deviceName: 'till-7' },
    ])
  })

  test('begins once, however often it is said, for each thing that it is about', async () => {
    await keep({ begun: [problem(till, 'unreadable', { about: 'cpu' })] })
    await keep({
      begun: [problem(till, 'unreadable', { about: 'cpu' }), problem(till, 'unreadable', { about: 'memory' })],
    })
    expect((await page()).problems.map(({ about }) => about).sort()).toEqual(['cpu', 'memory'])
  })

  test('changes and ends for the device, the code and the thing that are meant alone', async () => {
    const begun = [
      problem(till, 'unreadable', { about: 'cpu' }),
      problem(till, 'unreadable', { about: 'memory' }),
      problem(till, 'hot'),
      problem(kiosk, 'hot'),
    ]
    await keep({ begun })
    await keep({
      changed: [{ ...problem(kiosk, 'hot', { severity: 'critical', numbers: { celsius: 90 } }), isWorse: true }],
      ended: [problem(till, 'unreadable', { about: 'memory' })],
    })
    const { problems } = await page()
    expect(problems.map(({ deviceName, code, about, severity }) => [deviceName, code, about, severity])).toEqual([
      ['kiosk', 'hot', null, 'critical'],
      ['till-7', 'hot', null, 'warning'],
      ['till-7', 'unreadable', 'cpu', 'warning'],
    ])
    expect(problems[0]?.numbers).toEqual({ celsius: 90 })
    expect((await page({ state: 'ended' })).problems).toMatchObject([{ about: 'memory', endedMs: nowMs }])
  })

  test('is as old as it is, whenever one looks, and stays as it was once it has ended', async () => {
    await keep({ begun: [problem(till, 'lost', { numbers: { seconds: 60 } })] })
    expect((await page({ nowMs: nowMs + 9 * minute })).problems[0]?.numbers).toEqual({ seconds: 600 })
    await keep({ ended: [problem(till, 'lost')] }, nowMs + minute)
    expect((await page({ state: 'ended', nowMs: nowMs + day })).problems[0]?.numbers).toEqual({ seconds: 120 })
  })
})

describe('a page', () => {
  beforeEach(async () => {
    await keep({
      begun: [
        problem(till, 'hot', { severity: 'critical' }),
        problem(till, 'slow'),
        problem(kiosk, 'hot'),
        problem(kiosk, 'lost', { severity: 'critical' }),
      ],
    })
  })

  test('puts the most urgent first, causes before what they cause', async () => {
    expect(await codes()).toEqual(['lost', 'hot', 'hot', 'slow'])
    expect(await codes({ offset: 1, limit: 2 })).toEqual(['hot', 'hot'])
  })

  test.each<[Partial<ProblemQuery>, number]>([
    [{ code: 'hot' }, 2],
    [{ severity: 'critical' }, 2],
    [{ code: 'hot', severity: 'critical' }, 1],
    [{ code: 'flapping' }, 0],
    [{ state: 'ended' }, 0],
    [{ state: 'waiting' }, 4],
  ])('of %j has %i', async (query, total) => {
    const found = await page(query)
    expect([found.total, found.problems.length]).toEqual([total, total])
  })

  test('of one device has its own, and counts what is in other states', async () => {
    const [first] = await idsOf({ deviceId: till })
    await store.acknowledgeProblems([first ?? ''], null, 'user:ada')
    expect(await page({ deviceId: till, state: 'waiting' })).toMatchObject({
      total: 1,
      byState: { waiting: 1, acknowledged: 1, silenced: 0, ended: 0 },
    })
  })
})

describe('who acknowledges a problem', () => {
  test('knows of it until it gets worse, and the audit tells who', async () => {
    await keep({ begun: [problem(till, 'hot')] })
    const ids = await idsOf()
    expect(await store.acknowledgeProblems(ids, 'the fan is ordered', 'user:ada')).toEqual(ids)
    expect(await store.acknowledgeProblems(ids, null, 'user:ada')).toEqual([]) // once
    const [known] = (await page({ state: 'acknowledged' })).problems
    expect(known).toMatchObject({ acknowledged: { by: 'user:ada' }, note: 'the fan is ordered' })
    expect(await store.problemGroups(nowMs)).toMatchObject({ groups: [], acknowledged: 1 })
    await keep({ changed: [{ ...problem(till, 'hot'), isWorse: false }] })
    expect(await codes({ state: 'acknowledged' })).toEqual(['hot'])
    await keep({ changed: [{ ...problem(till, 'hot', { severity: 'critical' }), isWorse: true }] })
    expect((await page({ state: 'waiting' })).problems).toMatchObject([{ acknowledged: null, severity: 'critical' }])
    expect((await store.listAudit()).find(({ action }) => action === 'problem-acknowledged')).toMatchObject({
      ...{ actor: 'user:ada', target: till, detail: { code: 'hot', note: 'the fan is ordered' } },
    })
  })

  test('cannot acknowledge what has ended', async () => {
    await keep({ begun: [problem(till, 'hot')] })
    const ids = await idsOf()
    await keep({ ended: [problem(till, 'hot')] })
    expect(await store.acknowledgeProblems(ids, null, 'user:ada')).toEqual([])
    expect(await store.silenceProblems(ids, nowMs + day, null, 'user:ada')).toEqual([])
  })
})

describe('who silences a problem', () => {
  test('hears of it again when the time is over, or when somebody wants to', async () => {
    await keep({ begun: [problem(till, 'flapping')] })
    const ids = await idsOf()
    await store.silenceProblems(ids, nowMs + day, null, 'user:ada')
    expect(await codes({ state: 'silenced' })).toEqual(['flapping'])
    expect(await codes({ state: 'waiting' })).toEqual([])
    expect(await codes({ state: 'waiting', nowMs: nowMs + day })).toEqual(['flapping'])
    expect(await store.silenceProblems(ids, null, null, 'user:bob')).toEqual(ids)
    expect(await codes({ state: 'waiting' })).toEqual(['flapping'])
    expect((await store.listAudit()).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['problem-silenced', 'problem-unsilenced']),
    )
  })

  test('does not hear of the same of that device before, though it ended and began anew', async () => {
    await keep({ begun: [problem(till, 'flapping'), problem(kiosk, 'flapping')] })
    await store.silenceProblems(await idsOf({ deviceId: till }), nowMs + day, 'new router on Friday', 'user:ada')
    const both = [problem(till, 'flapping'), problem(kiosk, 'flapping')]
    await keep({ ended: both }, nowMs + minute)
    await keep({ begun: [...both, problem(till, 'hot')] }, nowMs + 2 * minute)
    expect((await page({ state: 'silenced' })).problems).toMatchObject([
      { deviceId: till, code: 'flapping', note: 'new router on Friday', silenced: { untilMs: nowMs + day } },
    ])
    await keep({ ended: both }, nowMs + day)
    await keep({ begun: both }, nowMs + day + minute)
    expect(await codes({ state: 'silenced', nowMs: nowMs + day + minute })).toEqual([])
  })
})

test('groups count devices once, begin with the oldest, and name the worst first', async () => {
  await keep({
    begun: [
      problem(till, 'unreadable', { about: 'cpu', sinceMs: nowMs - day }),
      problem(till, 'unreadable', { about: 'memory' }),
      problem(kiosk, 'unreadable', { about: 'cpu', severity: 'critical' }),
      problem(kiosk, 'hot'),
    ],
  })
  const { groups } = await store.problemGroups(nowMs)
  expect(groups).toMatchObject([
    { code: 'unreadable', severity: 'critical', devices: 2, sinceMs: nowMs - day },
    { code: 'hot', severity: 'warning', devices: 1, sinceMs: nowMs - minute },
  ])
  expect(groups[0]?.first.map(({ deviceName }) => deviceName)).toEqual(['kiosk', 'till-7', 'till-7'])
})

test('what ended long ago is forgotten, what is so is not', async () => {
  await keep({ begun: [problem(till, 'hot'), problem(kiosk, 'hot')] })
  await keep({ ended: [problem(till, 'hot')] }, nowMs)
  expect(await store.dropProblems(nowMs)).toBe(0)
  expect(await store.dropProblems(nowMs + 1)).toBe(1)
  expect(await codes()).toEqual(['hot'])
})

test('devices that wait for approval, and devices that nothing fits, are problems of the fleet', async () => {
  expect(await store.fleetProblems()).toEqual([])
  const claims = { name: 'stranger', agentVersion: '0.1.0', hints: {} }
  await store.enrol({ publicKey: 'k', thumbprint: btoa('k'.padEnd(30)), claims, address: '10.0.0.3' })
  const none = { workloadId: 'calls', workloadVersion: 1, build: null, detail: { refusals: [], offer: null } }
  await store.keepFindings({
    ...{ atMs: nowMs, proposed: [], looked: [till, kiosk] },
    unplaced: [till, kiosk].map((deviceId) => ({ deviceId, kind: 'refused' as const, ...none })),
  })
  expect(await store.fleetProblems()).toMatchObject([
    { code: 'unplaced', kind: 'refused', workloadId: 'calls', devices: 2, sinceMs: nowMs },
    { code: 'parked', devices: 1, sinceMs: expect.any(Number) },
  ])
})

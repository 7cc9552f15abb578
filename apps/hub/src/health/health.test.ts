import path from 'node:path'
import type { CapabilityReport, Facts, FigureName, Reported } from '@tradewind/protocol'
import { type IngestGroup, openStore, type Store } from '@tradewind/store'
import { testFolder } from '@tradewind/testkit'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Roster } from '../admission/roster'
import { Feed, type News } from '../feed'
import { emptyGroup } from '../ingest/digest'
import { Health } from './health'

const minute = 60_000
const log = pino({ level: 'silent' })
const board: Facts = {
  board: { model: 'Raspberry Pi 5 Model B' },
  cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: [] },
  memory: { totalBytes: 8e9 },
  storage: { path: '/', totalBytes: 64e9, freeBytes: 40e9 },
}

let nowMs: number
let store: Store
let roster: Roster
let health: Health
let news: News[]
let till: string

beforeEach(async () => {
  nowMs = Date.parse('2026-11-24T12:00:00Z')
  store = await openStore(path.join(testFolder('health'), 'tradewind.db'), { ingests: true })
  await store.setHubInfo({ urls: ['https://10.0.0.2:7443'], caSha256: 'ab'.repeat(32), mqttPort: 1, version: '1' })
  till = await enrol('till-7')
  await start()
})
afterEach(async () => {
  await health.close()
  await store.close()
})

/** As the hub starts, or starts again. */
async function start(behind: Store = store) {
  roster = new Roster(store, () => nowMs)
  await roster.refresh()
  news = []
  const feed = new Feed()
  feed.listen((one) => news.push(one))
  health = new Health({ store: behind, roster, feed, log, now: () => nowMs })
}

async function enrol(name: string): Promise<string> {
  const claims = { name, agentVersion: '0.1.0', hints: {} }
  const publicKey = Buffer.from(name.padEnd(32)).toString('base64url')
  await store.enrol({ publicKey, thumbprint: btoa(name.padEnd(30)), claims, address: '10.0.0.3' })
  const { parked } = await store.pageOfParked({ refused: false, offset: 0, limit: 10 })
  return (await store.approveParked(parked[0]?.fingerprint ?? '', 'up')) ?? ''
}

/** Stores what devices said, and has health hear it, as the ingest does. */
async function say(part: Partial<IngestGroup>) {
  const group = { ...emptyGroup(), ...part }
  await store.commit(group)
  health.hear(group)
}
const report = (facts: Facts, unreadable: CapabilityReport['unreadable'] = []) =>
  say({
    reports: [
      {
        deviceId: till,
        receivedMs: nowMs,
        report: { at: nowMs, agentVersion: '1', deviceClass: 'v1:0123456789abcdef', facts, unreadable },
      },
    ],
  })
let seq = 0
const sample = (figures: Partial<Record<FigureName, number>>, atMs = nowMs) => {
  const device = roster.get(till)?.num ?? 0
  return say({ batches: [{ device, stream: 'abcdefgh', receivedMs: nowMs, samples: [{ seq: ++seq, atMs, figures }] }] })
}
const reported = (more: Partial<Reported>) =>
  say({
    reported: [
      {
        deviceId: till,
        receivedMs: nowMs,
        reported: { at: nowMs, revisionSeen: 0, revisionApplied: 0, failure: null, ...more },
      },
    ],
  })
const presence = (state: 'online' | 'lost', start = 1) => {
  const device = roster.get(till)
  const said = { state, start, session: 1, sinceMs: nowMs }
  if (device) device.presence = said
  return say({ presences: [{ deviceId: till, ...said }] })
}

const page = async (state: 'open' | 'ended' = 'open') =>
  (await store.pageOfProblems({ state, code: null, severity: null, deviceId: null, nowMs, offset: 0, limit: 100 }))
    .problems
const open = async () => (await page()).map(({ code, severity }) => `${code} ${severity}`)
/** The next look at everyone. */
async function later(ms = minute) {
  nowMs += ms
  await health.look()
}

describe('what a device says is judged at the next look', () => {
  test('a report of undervoltage, until a report without it', async () => {
    await report({ ...board, throttling: { now: ['undervoltage'], sinceBoot: ['undervoltage'] } })
    await health.look()
    expect(await open()).toEqual(['undervoltage critical'])
    expect(news).toEqual([{ kind: 'problems', data: { deviceIds: [till] } }])
    nowMs += 1000
    await report({ ...board, throttling: { now: [], sinceBoot: ['undervoltage'] } })
    await health.look()
    expect(await open()).toEqual(['undervoltage warning'])
    nowMs += 1000
    await report({ ...board, throttling: { now: [], sinceBoot: [] } })
    await health.look()
    expect(await page()).toEqual([])
    expect(await page('ended')).toMatchObject([{ code: 'undervoltage', severity: 'warning', endedMs: nowMs }])
  })

  test('a failure to do what was assigned', async () => {
    await report(board)
    await reported({ revisionSeen: 1 })
    await health.look()
    expect(await open()).toEqual([])
    const device = roster.get(till)
    if (device) device.assignedRevision = 2 // above what it has seen
    await store.assign(
      [
        {
          ...{ deviceId: till, workload: null, decision: null },
          build: { id: 'b', label: 'b' } as never,
          options: {} as never,
          smoke: {} as never,
        },
      ],
      { actor: 'user:ada', cause: 'person', atMs: nowMs },
    )
    await later(31 * minute) // nobody tells health of an assignment: it sees it
    expect(await open()).toEqual(['out-of-sync notice'])
    await reported({ revisionSeen: 2, failure: { code: 'no-space', detail: '' } })
    await health.look()
    expect(await page()).toMatchObject([
      { code: 'assignment-failed', about: 'no-space', numbers: { assignedRevision: 2 } },
    ])
  })

  test('crashes of the engine, counted by the hour', async () => {
    for (const i of [1, 2, 3])
      await say({
        events: [
          {
            ...{ id: `crash-${i}`, deviceId: till, source: 'device', code: 'engine-crashed' },
            ...{ atMs: nowMs - i * minute, receivedMs: nowMs, detail: {} },
          },
        ],
      })
    await health.look()
    expect(await open()).toEqual(['engine-crash-loop warning'])
    await later(57 * minute)
    expect(await open()).toEqual(['engine-crash-loop warning']) // two are left of three: between the marks
    await later(5 * minute)
    expect(await open()).toEqual([])
  })
})

describe('as time passes', () => {
  test('what is lost gets worse, and ends when it comes back', async () => {
    await presence('lost')
    await health.look()
    expect(await open()).toEqual(['lost warning'])
    await later(10 * minute)
    expect(await open()).toEqual(['lost critical'])
    await presence('online', 2)
    await health.look()
    expect(await open()).toEqual([])
  })

  test('samples are read over their window: a spike raises nothing, heat that lasts does', async () => {
    await report(board)
    await sample({ temperatureC: 60 })
    await later()
    await sample({ temperatureC: 86 })
    await later()
    expect(await open()).toEqual([])
    for (const _ of [1, 2, 3]) {
      await sample({ temperatureC: 86 })
      await later()
    }
    expect(await open()).toEqual(['hot critical'])
    await later(20 * minute) // it is silent: what was so is still the last that is known
    expect(await open()).toEqual(['hot critical'])
  })

  test('samples that come late say nothing of now', async () => {
    await report(board)
    await sample({ temperatureC: 90 }, nowMs - 60 * minute)
    await later()
    expect(await open()).toEqual([])
  })
})

describe('after a restart of the hub', () => {
  test('what was wrong stays so, since when it was, until something says otherwise', async () => {
    await report(board)
    await sample({ temperatureC: 86 })
    await later()
    const [before] = await page()
    await health.close()
    nowMs += 5 * minute
    await start()
    await health.look()
    expect(await page()).toEqual([before])
    await sample({ temperatureC: 60 })
    await later()
    expect(await open()).toEqual([])
  })

  test('what began meanwhile is found without a word of the device', async () => {
    await say({ presences: [{ deviceId: till, state: 'lost', start: 1, session: 1, sinceMs: nowMs - 20 * minute }] })
    await start()
    await health.look()
    expect(await open()).toEqual(['lost critical'])
  })
})

test('with a device that is revoked nothing is wrong any more', async () => {
  await presence('lost')
  await health.look()
  await store.revokeDevice(till, 'user:ada')
  await roster.refresh()
  await later()
  expect(await open()).toEqual([])
  expect(await page('ended')).toHaveLength(1)
})

test('what cannot be stored is found again when it can', async () => {
  let isFull = true
  const keepProblems: Store['keepProblems'] = (changes) =>
    isFull ? Promise.reject(new Error('SQLITE_FULL')) : store.keepProblems(changes)
  await start({ ...store, keepProblems })
  await presence('lost')
  await health.look()
  expect([await open(), news]).toEqual([[], []])
  isFull = false
  await health.look()
  expect(await open()).toEqual([]) // it rests
  await later()
  expect(await open()).toEqual(['lost warning'])
})

test('what is no news is not written', async () => {
  const kept: unknown[] = []
  const keepProblems: Store['keepProblems'] = (changes) => {
    kept.push(changes)
    return store.keepProblems(changes)
  }
  await start({ ...store, keepProblems })
  await presence('lost')
  for (const _ of Array(8)) await later()
  expect(kept).toHaveLength(1)
})

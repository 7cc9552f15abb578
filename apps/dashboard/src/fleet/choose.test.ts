import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CapabilityReport, Facts } from '@tradewind/protocol'
import { openStore, type Store } from '@tradewind/store'
import { deviceOrders } from '@tradewind/store/model'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { choose, indexed, sorted } from './choose'
import { type Filters, noFilters, queryOf } from './filters'

const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-choose-'))
const variantOf = new Map([
  ['e2b-q8_0', 'e2b'],
  ['e4b-q8_0', 'e4b'],
])
const atMs = 20_718 * 86_400_000
let store: Store

const names = ['Älpha', 'beta 100%', 'Beta', 'gamma', 'delta_1', 'EPSILON', 'zeta', 'eta']
const boards = ['Raspberry Pi 5', 'raspberry Pi 4', null]

beforeAll(async () => {
  store = await openStore(path.join(folder, 'fleet.db'), { ingests: true })
  await store.setHubInfo({ urls: ['https://10.0.0.2:7443'], caSha256: 'ab'.repeat(32), mqttPort: 8883, version: '1' })
  for (const [i, name] of names.entries()) {
    const claims = { name, agentVersion: '1', hints: {} }
    await store.enrol({
      publicKey: name,
      thumbprint: btoa(`thumbprint of ${i}`.padEnd(30)),
      claims,
      address: '10.0.0.3',
    })
    const { parked } = await store.pageOfParked({ refused: false, offset: 0, limit: 1 })
    const id = (await store.approveParked(parked[0]?.fingerprint ?? '', 'up')) ?? ''
    await furnish(id, i)
  }
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Each device is otherwise than its neighbours, and some lack each thing. */
async function furnish(id: string, i: number) {
  const board = boards[i % 3]
  const facts: Facts = {
    ...(board ? { board: { model: board } } : {}),
    ...(i % 2 ? { memory: { totalBytes: (i % 4) * 2 ** 30 } } : {}),
    ...(i % 4 ? { os: { platform: 'linux', name: i % 2 ? 'Debian' : 'Ubuntu', version: '13', kernel: '6' } } : {}),
  }
  const report: CapabilityReport = {
    ...{ at: atMs, agentVersion: `0.${i % 2}.0`, deviceClass: `v1:${String(i % 2).repeat(16)}`, facts, unreadable: [] },
  }
  const serving = {
    build: i % 2 ? 'e2b-q8_0' : 'e4b-q8_0',
    label: `Gemma ${i % 2}`,
    demo: false,
    state: 'ready' as const,
  }
  await store.commit({
    events: [],
    measured: [],
    batches:
      i % 3
        ? [
            {
              device: i + 1,
              stream: id,
              receivedMs: atMs,
              samples: [{ seq: 1, atMs: atMs + i, figures: { cpuBusy: i / 10 } }],
            },
          ]
        : [],
    presences:
      i < 6
        ? [
            {
              deviceId: id,
              state: (['online', 'lost', 'sleeping', 'disconnected'] as const)[i % 4] ?? 'lost',
              start: 1,
              session: 1,
              sinceMs: atMs,
            },
          ]
        : [],
    reports: i === 7 ? [] : [{ deviceId: id, report, receivedMs: atMs }],
    reported:
      i % 3 === 1
        ? [
            {
              deviceId: id,
              receivedMs: atMs,
              reported: {
                at: atMs,
                revisionSeen: 0,
                revisionApplied: 0,
                failure: null,
                serving: { ...serving, since: atMs, engine: null, failure: null },
              },
            },
          ]
        : [],
  })
  if (i % 2) await store.setLabels(id, i % 4 === 1 ? { site: 'lyon', line: '1' } : { site: 'lyon' }, 'up')
  const hot = {
    deviceId: id,
    code: 'hot' as const,
    about: null,
    severity: 'warning' as const,
    sinceMs: atMs,
    numbers: {},
  }
  if (i % 4 === 0) await store.keepProblems({ nowMs: atMs, begun: [hot], changed: [], ended: [] })
  if (i === 6) await store.revokeDevice(id, 'up')
}

const wishes: Partial<Filters>[] = [
  {},
  { text: 'ETA' },
  { text: '100%' },
  { text: 'älpha' },
  { text: 'pi 5 debian' },
  { presence: 'unseen' },
  { presence: 'lost', sync: 'registered' },
  { sync: 'unknown' },
  { labels: 'site=lyon' },
  { labels: 'site=lyon,line=1' },
  { deviceClass: 'v1:1111111111111111' },
  { variant: 'e2b' },
  { variant: 'nothing like it' },
  { problem: 'hot' },
  { revoked: true },
]

describe('the browser and the store agree', () => {
  it.each(wishes)('on who is wanted by %j, and how many by another presence or sync', async (wish) => {
    const filters = { ...noFilters, ...wish }
    const { chosen, facets } = choose((await store.fleetRows()).map(indexed), filters, variantOf)
    const builds = [...variantOf].flatMap(([build, variant]) => (variant === filters.variant ? [build] : []))
    const page = await store.pageOfDevices(queryOf(filters, filters.variant ? builds : undefined))
    expect(sorted(chosen, filters.sort).map(({ row }) => row.name)).toEqual(page.devices.map(({ name }) => name))
    expect(Object.fromEntries(facets.presence)).toEqual(page.byPresence)
    expect(Object.fromEntries(facets.sync)).toEqual(page.bySync)
  })

  it.each(deviceOrders.flatMap((column) => [true, false].map((descending) => ({ column, descending }))))(
    'on the order %j',
    async (sort) => {
      const { chosen } = choose((await store.fleetRows()).map(indexed), noFilters, variantOf)
      const page = await store.pageOfDevices(queryOf({ ...noFilters, sort }))
      expect(sorted(chosen, sort).map(({ row }) => row.name)).toEqual(page.devices.map(({ name }) => name))
    },
  )
})

it('counts the choices of every filter as they would be with all else as asked', async () => {
  const rows = (await store.fleetRows()).map(indexed)
  const { facets } = choose(rows, { ...noFilters, problem: 'hot', variant: 'e2b' }, variantOf)
  expect(Object.fromEntries(facets.problem)).toEqual({})
  expect(choose(rows, noFilters, variantOf).facets.problem).toEqual(new Map([['hot', 2]]))
  expect(choose(rows, { ...noFilters, variant: 'e2b' }, variantOf).facets.labels.get('site=lyon')).toBe(2)
})

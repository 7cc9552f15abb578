import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { HealthProblem } from '@tradewind/fleet'
import type { Role, Store } from '@tradewind/store'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callRoute, routeFiles } from './route-files'
import { store } from './store'

const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-problems-'))
process.env.TRADEWIND_DATA = folder

let opened: Store
let routes: Awaited<ReturnType<typeof routeFiles>>
const tokens = {} as Record<Role, string>
let till: string

beforeAll(async () => {
  opened = await store()
  routes = await routeFiles()
  await opened.setHubInfo({ urls: ['https://10.0.0.2:7443'], caSha256: 'ab'.repeat(32), mqttPort: 8883, version: '1' })
  for (const role of ['viewer', 'operator', 'admin'] as const)
    tokens[role] = (await opened.createApiToken({ name: role, role, actor: 'up' })).secret
  const claims = { name: 'till-7', agentVersion: '0.1.0', hints: {} }
  await opened.enrol({ publicKey: 'k', thumbprint: btoa('k'.padEnd(30)), claims, address: '10.0.0.3' })
  const { parked } = await opened.pageOfParked({ refused: false, offset: 0, limit: 10 })
  till = (await opened.approveParked(parked[0]?.fingerprint ?? '', 'up')) ?? ''
})
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true, force: true })
})

const problem = (code: HealthProblem['code'], more: Partial<HealthProblem> = {}) => ({
  ...{ deviceId: till, code, about: null, severity: 'warning' as const, sinceMs: 1, numbers: {} },
  ...more,
})
beforeEach(async () => {
  const before = await opened.openProblems()
  const begun = [
    problem('hot', { severity: 'critical', numbers: { celsius: 86.4, limitCelsius: 85 } }),
    problem('disk-low', { numbers: { freeBytes: 3 * 2 ** 30 } }),
  ]
  await opened.keepProblems({ nowMs: Date.now(), begun, changed: [], ended: before })
  await opened.keepProblems({ nowMs: Date.now(), begun, changed: [], ended: [] })
})

const call = (method: string, url: string, body?: unknown, role: Role = 'operator') =>
  callRoute(routes, method, url, tokens[role], body)
type Row = { id: string; code: string }
const list = async (query = '') => (await call('GET', `/problems${query}`, undefined, 'viewer')).json
const idOf = async (code: string): Promise<string> =>
  (await list()).problems.find((row: Row) => row.code === code)?.id ?? ''

describe('the list', () => {
  test('has each problem in words, the most urgent first', async () => {
    const { problems, total } = await list()
    expect(total).toBe(2)
    expect(problems).toMatchObject([
      {
        ...{ code: 'hot', severity: 'critical', state: 'waiting', deviceName: 'till-7', endedMs: null },
        ...{ title: '86.4 °C, of at most 85.0 °C', toDo: expect.stringContaining('fan') },
      },
      { code: 'disk-low', title: '3.0 GiB of disk are left' },
    ])
  })

  test.each([
    ['?code=hot', ['hot']],
    ['?severity=warning', ['disk-low']],
    ['?device=nobody', []],
    ['?state=acknowledged', []],
    ['?limit=1&offset=1', ['disk-low']],
  ])('%s', async (query, codes) => {
    expect((await list(query)).problems.map(({ code }: Row) => code)).toEqual(codes)
  })

  test.each(['?state=gone', '?code=sea-sick', '?severity=loud', '?limit=0'])('%s is refused', async (query) => {
    expect(await call('GET', `/problems${query}`)).toMatchObject({ code: 400, json: { code: 'bad-request' } })
  })
})

test('what needs attention is one list: devices by problem, and the fleet', async () => {
  const claims = { name: 'stranger', agentVersion: '0.1.0', hints: {} }
  await opened.enrol({ publicKey: 'x', thumbprint: btoa('x'.padEnd(30)), claims, address: '10.0.0.4' })
  const { json } = await call('GET', '/attention', undefined, 'viewer')
  expect(json).toMatchObject({
    groups: [
      { code: 'hot', name: 'Hot', severity: 'critical', devices: 1, first: [{ deviceName: 'till-7' }] },
      { code: 'disk-low', devices: 1 },
    ],
    fleet: [{ code: 'parked', severity: 'notice', devices: 1, title: 'A device waits for approval' }],
    ...{ acknowledged: 0, silenced: 0 },
  })
})

describe('a person', () => {
  test('acknowledges one, and leaves a note for the others', async () => {
    const hot = await idOf('hot')
    const { json } = await call('POST', '/problems/acknowledge', { ids: [hot, 'nothing'], note: ' a fan is ordered ' })
    expect(json).toEqual({ acknowledged: [hot] })
    expect((await list('?state=acknowledged')).problems).toMatchObject([
      { code: 'hot', acknowledged: { by: 'api:operator' }, note: 'a fan is ordered' },
    ])
    expect(await call('GET', '/attention')).toMatchObject({ json: { groups: [{ code: 'disk-low' }], acknowledged: 1 } })
  })

  test('silences one until a time, and hears of it again', async () => {
    const disk = await idOf('disk-low')
    const untilMs = Date.now() + 3_600_000
    expect((await call('POST', '/problems/silence', { ids: [disk], untilMs })).json).toEqual({ silenced: [disk] })
    expect((await list('?state=silenced')).problems).toMatchObject([{ silenced: { untilMs, by: 'api:operator' } }])
    expect((await call('POST', '/problems/unsilence', { ids: [disk] })).json).toEqual({ unsilenced: [disk] })
    expect((await list('?state=silenced')).problems).toEqual([])
    const { audit } = (await call('GET', '/audit?limit=2')).json
    expect(audit.map(({ action }: { action: string }) => action).sort()).toEqual([
      'problem-silenced',
      'problem-unsilenced',
    ])
  })

  test.each([
    ['acknowledge', { ids: [] }],
    ['silence', { ids: ['a'] }],
    ['silence', { ids: ['a'], untilMs: 1 }],
    ['silence', { ids: ['a'], untilMs: Date.now() + 400 * 86_400_000 }],
    ['unsilence', {}],
  ])('who asks to %s %j is told what is wrong with that', async (act, body) => {
    expect(await call('POST', `/problems/${act}`, body)).toMatchObject({
      code: 400,
      json: { code: 'bad-request', next: expect.any(String) },
    })
  })

  test('who only views changes nothing', async () => {
    for (const act of ['acknowledge', 'silence', 'unsilence'])
      expect((await call('POST', `/problems/${act}`, { ids: ['a'] }, 'viewer')).code).toBe(403)
  })
})

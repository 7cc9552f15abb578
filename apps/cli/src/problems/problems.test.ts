import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ScriptedApi } from '../scripted-api'
import { now, tradewind } from '../scripted-terminal'

const minute = 60_000
const till = {
  ...{ id: 'k7m2p9q4w3e8', name: 'till-7', presence: null, sync: 'registered', revokedMs: null },
  ...{ board: null, cpu: null, cores: null, memoryBytes: null, os: null, agentVersion: null, enrolledMs: now },
  ...{ num: 1, deviceClass: null },
}
const hot = {
  ...{ id: 'p1', deviceId: till.id, deviceName: 'till-7', code: 'hot', about: null, severity: 'critical' },
  ...{ state: 'waiting', sinceMs: now - 5 * minute, endedMs: null, numbers: {}, acknowledged: null, silenced: null },
  ...{ note: null, title: '86.4 °C, of at most 85.0 °C', means: 'It slows down.', toDo: 'Give it air.' },
}
const silent = {
  ...hot,
  ...{ id: 'p2', code: 'disk-low', severity: 'warning', title: '3.0 GiB of disk are left', state: 'silenced' },
  ...{ silenced: { untilMs: now + 60 * minute, by: 'user:ada' }, note: 'a larger card comes on Friday' },
}

let api: ScriptedApi
beforeEach(async () => {
  api = await ScriptedApi.start()
  api.on('GET /devices?revoked=with&sort=name&q=till-7&limit=1000&offset=0', { devices: [till], total: 1 })
  api.on('GET /attention', { groups: [], fleet: [], acknowledged: 0, silenced: 0 })
})
afterEach(() => api.stop())

const problems = (...args: string[]) =>
  tradewind(['problems', ...args], { env: { TRADEWIND_URL: api.url, TRADEWIND_API_TOKEN: 'twp_x' } })
const has = (query: string, ...rows: object[]) =>
  api.on(`GET /problems?${query}`, { problems: rows, total: rows.length, byState: {} })
const ofTill = `state=open&limit=1000&device=${till.id}`
const bodies = () => api.asked.filter(({ method }) => method === 'POST').map(({ path, body }) => ({ path, body }))

describe('problems', () => {
  test('are a table, after what is wrong with the fleet', async () => {
    const fleet = [{ code: 'parked', severity: 'notice', sinceMs: now, title: 'A device waits', toDo: 'Decide.' }]
    api.on('GET /attention', { groups: [], fleet, acknowledged: 0, silenced: 1 })
    has('state=open&limit=1000', hot, silent)
    const { exitCode, out } = await problems()
    expect(out.split('\n')).toEqual([
      'notice: A device waits. Decide.',
      '',
      'SEVERITY  DEVICE  ID            PROBLEM                      CODE      SINCE      STATE',
      'critical  till-7  k7m2p9q4w3e8  86.4 °C, of at most 85.0 °C  hot       5 min ago  waiting',
      'warning   till-7  k7m2p9q4w3e8  3.0 GiB of disk are left     disk-low  5 min ago  silenced by user:ada, ends in 1 h',
      '',
    ])
    expect(exitCode).toBe(0)
  })

  test('of one device say what to do', async () => {
    has(ofTill, silent)
    const { out } = await problems('till-7')
    for (const words of ['disk-low', 'Give it air.', 'a larger card comes on Friday']) expect(out).toContain(words)
  })

  test('that are none are said to be none, and that have ended are told with their length', async () => {
    has('state=open&limit=1000')
    expect((await problems()).out).toBe('Nothing is wrong.\n')
    has('state=ended&limit=1000', { ...hot, state: 'ended', endedMs: now - minute })
    expect((await problems('list', '--ended')).out).toContain('ended 1 min ago, after 4 min')
  })

  test('--json prints the answer as it is', async () => {
    has('state=open&limit=1000', hot)
    expect(JSON.parse((await problems('--json')).out)).toMatchObject({ problems: [hot], fleet: [] })
  })
})

describe('a person', () => {
  test('acknowledges all problems of a device, with a note', async () => {
    has(ofTill, hot, silent)
    api.on('POST /problems/acknowledge', { acknowledged: ['p1'] })
    expect((await problems('acknowledge', 'till-7', '--note', 'on my way')).out).toBe('Acknowledged 1 of 2.\n')
    expect(bodies()).toEqual([{ path: '/problems/acknowledge', body: { ids: ['p1', 'p2'], note: 'on my way' } }])
  })

  test('silences one for so many hours', async () => {
    has(`${ofTill}&code=hot`, hot)
    api.on('POST /problems/silence', { silenced: ['p1'] })
    expect((await problems('silence', 'till-7', '--code', 'hot', '--hours', '8')).out).toBe('Silenced 1 for 8 h.\n')
    expect(bodies()).toEqual([
      { path: '/problems/silence', body: { ids: ['p1'], untilMs: now + 8 * 60 * minute, note: null } },
    ])
  })

  test('ends a silence', async () => {
    has(ofTill, silent)
    api.on('POST /problems/unsilence', { unsilenced: ['p2'] })
    expect((await problems('unsilence', 'till-7')).out).toBe('Ended the silence of 1.\n')
  })

  test('does nothing where nothing is wrong', async () => {
    has(ofTill)
    expect(await problems('acknowledge', 'till-7')).toMatchObject({
      exitCode: 0,
      error: 'Nothing is wrong with till-7.\n',
    })
    expect(bodies()).toEqual([])
  })
})

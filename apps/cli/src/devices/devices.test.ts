import type { DeviceDetail, DeviceRow, ParkedRow } from '@tradewind/store'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ScriptedApi } from '../scripted-api'
import { now, tradewind } from '../scripted-terminal'
import type { Terminal } from '../terminal'

const minute = 60_000
const till: DeviceRow = {
  id: 'k7m2p9q4w3e8',
  num: 1,
  name: 'till-7',
  presence: { state: 'online', sinceMs: now - 3 * minute },
  sync: 'registered',
  deviceClass: 'v1:0123456789abcdef',
  board: 'Raspberry Pi 5',
  cpu: 'Cortex-A76',
  cores: 4,
  memoryBytes: 8_448_409_600,
  os: 'Debian GNU/Linux 12',
  agentVersion: '0.1.0',
  enrolledMs: now - 2 * 86_400_000,
  revokedMs: null,
}
const silent: DeviceRow = {
  id: 'aaaabbbbcccc',
  num: 2,
  name: 'new card',
  presence: null,
  sync: 'unknown',
  deviceClass: null,
  board: null,
  cpu: null,
  cores: null,
  memoryBytes: null,
  os: null,
  agentVersion: null,
  enrolledMs: now,
  revokedMs: null,
}
const waiting: ParkedRow = {
  publicKey: 'x',
  fingerprint: '0011-2233-4455-6677-8899',
  name: 'kiosk',
  board: null,
  address: '192.168.1.40',
  firstMs: now - 5 * minute,
  lastMs: now - 30_000,
  refusedMs: null,
}
const detail: DeviceDetail = {
  ...till,
  report: {
    atMs: now - 4 * minute,
    facts: {
      cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: [] },
      memory: { totalBytes: 8_448_409_600 },
      thermal: {
        zones: [
          { name: 'gpu', celsius: 48.24 },
          { name: 'cpu', celsius: 51.2 },
        ],
      },
      network: { hostname: 'till-7', interfaces: [{ name: 'eth0', kind: 'ethernet', addresses: ['192.168.1.31'] }] },
    },
    unreadable: [{ fact: 'storage', code: 'permission-denied', detail: '/var/lib' }],
  },
  assignment: { assignedRevision: 4, revisionSeen: 4, revisionApplied: 3, latest: null },
  failure: { code: 'no-space', detail: '3 of 5 GB' },
  serving: null,
  seeking: null,
  smoke: null,
  labels: {},
  measured: [],
  start: 12,
  keys: [
    { fingerprint: 'ffff-ffff-ffff-ffff-ffff', createdMs: now, replacedMs: now },
    { fingerprint: 'abcd-0000-1111-2222-3333', createdMs: now, replacedMs: null },
  ],
}

let api: ScriptedApi
const page = (offset = 0) => `limit=1000&offset=${offset}`
const list = 'GET /devices?revoked=with&sort=name'
/** The dashboard finds all of them by any words: the CLI must pick. */
function enrolled(...rows: object[]) {
  const reply = { devices: rows, total: rows.length }
  api.on(`${list}&${page()}`, reply)
  for (const words of ['till-7', till.id, silent.id, 'nobody']) api.on(`${list}&q=${words}&${page()}`, reply)
}
const parked = (...rows: object[]) => api.on(`GET /parked?${page()}`, { parked: rows, total: rows.length })
const devices = (args: string[], more: Partial<Terminal> = {}) =>
  tradewind(['devices', ...args], { env: { TRADEWIND_URL: api.url, TRADEWIND_API_TOKEN: 'twp_x' }, ...more })

beforeEach(async () => {
  api = await ScriptedApi.start()
  enrolled(till, silent)
  parked(waiting)
})
afterEach(() => api.stop())

describe('devices list', () => {
  test('shows a table, unknown as unknown, and who awaits approval', async () => {
    const { exitCode, out, error } = await devices(['list'])
    expect(out.split('\n')).toEqual([
      'NAME      ID            PRESENCE           SYNC        BOARD           MEMORY   OS                   AGENT',
      'till-7    k7m2p9q4w3e8  online, 3 min ago  registered  Raspberry Pi 5  7.9 GiB  Debian GNU/Linux 12  0.1.0',
      'new card  aaaabbbbcccc  unknown            unknown     unknown         unknown  unknown              unknown',
      '',
      'Awaiting approval: compare the fingerprint with the device, then tradewind devices approve FINGERPRINT.',
      'NAME   FINGERPRINT               BOARD    ADDRESS       ASKED FIRST  ASKED LAST',
      'kiosk  0011-2233-4455-6677-8899  unknown  192.168.1.40  5 min ago    30 s ago',
      '',
    ])
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: '' })
    expect(api.asked.every(({ token }) => token === 'twp_x')).toBe(true)
  })

  test('--json prints the rows as they are', async () => {
    const { out } = await devices(['list', '--json'])
    const { publicKey: _, ...shown } = waiting
    expect(JSON.parse(out)).toMatchObject({ devices: [till, silent], parked: [shown] })
  })

  test.each([
    [['--presence', 'online'], ['till-7'], []],
    [['--presence', 'unknown'], ['new card'], []],
    [['--presence', 'lost'], [], []],
    [['--filter', 'RASPBERRY'], ['till-7'], []],
    [['--filter', 'bbbb'], ['new card'], []],
    [['--filter', 'kiosk'], [], ['kiosk']],
    [['--filter', '0011-22'], [], ['kiosk']],
    [['--filter', 'till', '--presence', 'unknown'], [], []],
  ])('%j', async (args, names, waitingNames) => {
    const reply = JSON.parse((await devices(['list', '--json', ...args])).out)
    expect(reply.devices.map(({ name }: DeviceRow) => name)).toEqual(names)
    expect(reply.parked.map(({ name }: ParkedRow) => name)).toEqual(waitingNames)
  })

  test('says that none fits, and that none is enrolled', async () => {
    expect((await devices(['list', '--presence', 'lost'])).out).toBe('No device fits.\n')
    enrolled()
    parked()
    expect((await devices(['list'])).out).toBe('No device is enrolled yet: tradewind token create.\n')
  })

  test('reads a large fleet page after page', async () => {
    const fleet = Array.from({ length: 1001 }, (_, i) => ({ ...till, id: `id${i}`, name: `till-${i}` }))
    api.on(`${list}&${page()}`, { devices: fleet.slice(0, 1000), total: 1001 })
    api.on(`${list}&${page(1000)}`, { devices: fleet.slice(1000), total: 1001 })
    expect(JSON.parse((await devices(['list', '--json'])).out).devices).toEqual(fleet)
  })

  test('ends when devices go while it reads', async () => {
    api.on(`${list}&${page()}`, { devices: [till], total: 2 }).on(`${list}&${page(1)}`, { devices: [], total: 1 })
    expect(JSON.parse((await devices(['list', '--json'])).out).devices).toEqual([till])
  })

  test('marks revoked devices', async () => {
    enrolled({ ...till, revokedMs: now })
    expect((await devices(['list'])).out).toContain('till-7 (revoked)')
  })

  test('takes colour only where it is wanted', async () => {
    const { out } = await devices(['list'], { colour: { out: true, error: true } })
    expect(out).toContain('\u001b[32monline, 3 min ago\u001b[0m')
    expect((await devices(['list'])).out).not.toContain('\u001b')
  })

  test('lets no name steer the terminal', async () => {
    enrolled({ ...till, name: 'a\u001b[2J\u0007\nb' })
    const { out } = await devices(['list'])
    expect(out).toContain('a\ufffd[2J\ufffd\ufffdb')
    expect(out).not.toContain('\u001b')
  })

  test('a word of a newer dashboard is shown as it is', async () => {
    enrolled({ ...till, sync: 'draining', mood: 'good' })
    expect((await devices(['list'])).out).toContain('draining')
    expect(JSON.parse((await devices(['list', '--json'])).out).devices[0]).toMatchObject({ mood: 'good' })
  })

  test('an unknown presence is written wrongly', async () => {
    const { exitCode, error } = await devices(['list', '--presence', 'asleep'])
    expect(exitCode).toBe(2)
    expect(error).toMatch(/^error usage: .*asleep.*\nSee tradewind devices list --help\.\n$/)
  })
})

describe('devices show', () => {
  beforeEach(() => {
    api.on(`GET /devices/${till.id}`, detail)
  })

  test('shows facts, standing and what was not read', async () => {
    const { out, exitCode } = await devices(['show', 'till-7'])
    expect(exitCode).toBe(0)
    expect(out.split('\n')).toEqual([
      'name         till-7',
      'id           k7m2p9q4w3e8',
      'presence     online, 3 min ago',
      'sync         registered',
      'failure      no-space 3 of 5 GB',
      'revision     3 of 4',
      'start        12',
      'agent        0.1.0',
      'class        v1:0123456789abcdef',
      'fingerprint  abcd-0000-1111-2222-3333',
      'enrolled     2 d ago',
      'report       4 min ago',
      'labels       none',
      'assigned     nothing',
      'serving      nothing',
      'board        unknown',
      'cpu          Cortex-A76, 4 cores, aarch64',
      'memory       7.9 GiB',
      'storage      unknown',
      'os           Debian GNU/Linux 12',
      'network      till-7, 192.168.1.31',
      'temperature  51.2 °C at the report',
      'not read     storage: permission-denied',
      '',
    ])
  })

  test('of a device that never reported, everything is unknown', async () => {
    const empty: DeviceDetail = {
      ...silent,
      report: null,
      assignment: null,
      failure: null,
      serving: null,
      seeking: null,
      smoke: null,
      labels: {},
      measured: [],
      start: null,
      keys: [],
    }
    api.on(`GET /devices/${silent.id}`, empty)
    const { out } = await devices(['show', silent.id])
    for (const name of ['presence', 'revision', 'start', 'report', 'memory', 'temperature', 'os'])
      expect(out).toMatch(new RegExp(`^${name} +unknown$`, 'm'))
    expect(out).not.toMatch(/ 0\b/)
  })

  test('--json prints the whole answer', async () => {
    expect(JSON.parse((await devices(['show', till.id, '--json'])).out)).toEqual(detail)
  })

  test('a name that several have is refused with their ids', async () => {
    enrolled(till, { ...silent, name: 'till-7', revokedMs: now })
    expect(await devices(['show', 'till-7'])).toEqual({
      exitCode: 1,
      out: '',
      error: 'error ambiguous: 2 devices have the name till-7.\nUse an id: k7m2p9q4w3e8, aaaabbbbcccc (revoked)\n',
    })
  })

  test('an id wins over a name that looks like it', async () => {
    enrolled({ ...silent, name: till.id }, till)
    expect((await devices(['show', till.id])).out).toContain('till-7')
  })

  test('a device that is not there', async () => {
    const { exitCode, error } = await devices(['show', 'nobody'])
    expect(exitCode).toBe(1)
    expect(error).toBe('error not-found: There is no device nobody.\ntradewind devices list shows them all.\n')
  })
})

test('devices show tells what is assigned, served, on its way and measured', async () => {
  const engine = { name: 'llama-server', version: 'b6000', commit: null }
  api.on(`GET /devices/${till.id}`, {
    ...detail,
    labels: { site: 'lyon' },
    assignment: {
      assignedRevision: 4,
      revisionApplied: 3,
      latest: { build: 'e4b-q4', workloadId: 'calls', cause: 'rollout', actor: 'user:ann', atMs: now - 5 * minute },
    },
    serving: {
      build: 'e2b-q8',
      label: 'Gemma 4 E2B, Q8_0',
      demo: false,
      state: 'ready',
      since: now - 60 * minute,
      engine,
    },
    seeking: {
      is: 'working',
      revision: 4,
      build: 'e4b-q4',
      step: 'fetch',
      since: now,
      progress: { doneBytes: 2 ** 30, totalBytes: 4 * 2 ** 30, bytesPerSecond: 1e7, etaMs: 5 * minute },
      reason: null,
    },
    measured: [{ build: 'e2b-q8', at: now, generationPerSecond: 6.24, residentBytes: 5 * 2 ** 30 }],
  })
  const { out } = await devices(['show', 'till-7'])
  for (const line of [
    'labels       site=lyon',
    'assigned     e4b-q4 for calls, by user:ann 5 min ago',
    'serving      Gemma 4 E2B, Q8_0, ready since 1 h ago',
    'on its way   working: fetch for e4b-q4, 1.0 GiB of 4.0 GiB, 5 min left',
    'measured     e2b-q8: writes 6.2 tokens/s, holds 5.0 GiB',
  ])
    expect(out).toContain(`${line}\n`)
})

test('devices label keeps the other labels, and takes one away', async () => {
  api.on(`GET /devices/${till.id}`, { ...detail, labels: { site: 'lyon', role: 'till' } })
  api.on(`PUT /devices/${till.id}/labels`, { labels: { site: 'lyon', floor: '2' } })
  const { out } = await devices(['label', 'till-7', 'floor=2', 'role='])
  expect(out).toBe('till-7 has site=lyon, floor=2.\n')
  expect(api.asked.at(-1)).toMatchObject({ body: { labels: { site: 'lyon', floor: '2' } } })
  expect((await devices(['label', 'till-7'])).out).toBe('till-7 has site=lyon, role=till.\n')
  expect((await devices(['label', 'till-7', 'floor'])).error).toMatch(/^error usage: floor is no label/)
})

describe('changes', () => {
  const fingerprint = waiting.fingerprint

  test('approve', async () => {
    api.on(`POST /parked/${fingerprint}/approve`, { deviceId: 'newdevice123' })
    const { out, exitCode } = await devices(['approve', fingerprint])
    expect({ out, exitCode }).toEqual({
      exitCode: 0,
      out: 'Approved as newdevice123. It comes in when it asks the next time.\n',
    })
    expect(JSON.parse((await devices(['approve', fingerprint, '--json'])).out)).toEqual({ deviceId: 'newdevice123' })
  })

  test('approve, when the answer lacks the device', async () => {
    api.on(`POST /parked/${fingerprint}/approve`, {})
    const { exitCode, error } = await devices(['approve', fingerprint])
    expect(exitCode).toBe(1)
    expect(error).toMatch(/^error bad-reply: .*deviceId/)
  })

  test('refuse', async () => {
    api.on(`POST /parked/${fingerprint}/refuse`, { refused: true })
    expect(await devices(['refuse', fingerprint])).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('Refused'),
    })
  })

  test('rename sends the new name to the device’s id', async () => {
    api.on(`PATCH /devices/${till.id}`, { ...detail, name: 'Front till' })
    const { out } = await devices(['rename', 'till-7', 'Front till'])
    expect(out).toBe('Renamed till-7 (k7m2p9q4w3e8) to Front till.\n')
    expect(api.asked.at(-1)).toMatchObject({ method: 'PATCH', body: { name: 'Front till' } })
  })

  test('revoke asks, and does it when a person says yes', async () => {
    api.on(`POST /devices/${till.id}/revoke`, { revoked: true })
    const questions: string[] = []
    const confirm = async (question: string) => questions.push(question) > 0
    const { out, exitCode } = await devices(['revoke', 'till-7'], { confirm })
    expect({ out, exitCode }).toEqual({ out: 'Revoked till-7 (k7m2p9q4w3e8).\n', exitCode: 0 })
    expect(questions).toEqual(['Revoke till-7 (k7m2p9q4w3e8) for good? It can come back only as a new device.'])
  })

  test('revoke leaves it when the person says no', async () => {
    const outcome = await devices(['revoke', 'till-7'], { confirm: async () => false })
    expect(outcome).toEqual({ exitCode: 0, out: '', error: 'Nothing was changed.\n' })
    expect(api.asked.some(({ method }) => method === 'POST')).toBe(false)
  })

  test('revoke with nobody to ask needs --yes', async () => {
    api.on(`POST /devices/${till.id}/revoke`, { revoked: true })
    const { exitCode, error } = await devices(['revoke', 'till-7'])
    expect(exitCode).toBe(2)
    expect(error).toMatch(/^error usage: .*\nAdd --yes\.\n$/)
    expect(await devices(['revoke', 'till-7', '--yes', '--json'])).toMatchObject({ exitCode: 0, error: '' })
  })

  test('a refusal of the API is passed on with its next step', async () => {
    api.refuses(`POST /devices/${till.id}/revoke`, 403, {
      code: 'forbidden',
      message: 'Your role is viewer.',
      next: 'Ask someone who is admin to do it.',
    })
    expect(await devices(['revoke', 'till-7', '--yes'])).toEqual({
      exitCode: 1,
      out: '',
      error: 'error forbidden: Your role is viewer.\nAsk someone who is admin to do it.\n',
    })
  })
})

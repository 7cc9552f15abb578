import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ScriptedApi } from '../scripted-api'
import { now, tradewind } from '../scripted-terminal'
import type { Terminal } from '../terminal'

const gib = 2 ** 30
const preview = {
  devices: 3,
  changes: 1,
  counts: { assign: 1, propose: 0, keep: 0, unresolved: 0, refused: 1, tied: 0, idle: 1 },
  builds: { 'e2b-q8': 1 },
  refusedBy: { 'memory-short': 1 },
  downloadBytes: 5 * gib,
  diskBytes: 5 * gib,
  rows: [
    {
      id: 'd2',
      name: 'small',
      outcome: 'refused',
      from: null,
      to: null,
      words: ['e2b-q8: it needs 4.00 GiB of memory'],
    },
    { id: 'd1', name: 'till-7', outcome: 'assign', from: null, to: 'e2b-q8', words: ['E2B is right for this device.'] },
    { id: 'd3', name: 'idle', outcome: 'idle', from: null, to: null, words: [] },
  ],
}
const table = [
  'DEVICE  ID  OUTCOME        NOW      THEN    WHY',
  'small   d2  refused        nothing  -       e2b-q8: it needs 4.00 GiB of memory',
  'till-7  d1  gets it first  nothing  e2b-q8  E2B is right for this device.',
  '1 of 3 devices would change; 1 cannot. To fetch: 5.0 GiB from the source, 5.0 GiB by all devices together.',
  '',
].join('\n')
const workload = { id: 'calls', useCases: ['transcription'], context: 4096 }
const kept = { id: 'calls', version: 2, placedVersion: 1, workload, changedMs: now - 60_000, changedBy: 'user:ann' }
const done = { assigned: [{ deviceId: 'd1', revision: 3, build: 'e2b-q8' }], refused: [], rollouts: [] }

let api: ScriptedApi
const run = (args: string[], more: Partial<Terminal> = {}) =>
  tradewind(args, { env: { TRADEWIND_URL: api.url, TRADEWIND_API_TOKEN: 'twp_x' }, ...more })
const bodies = (path: string) => api.asked.filter((one) => one.path === path).map(({ body }) => body)

beforeEach(async () => {
  api = await ScriptedApi.start()
  api.on('POST /preview', preview).on('POST /assignments', done)
  api.on('POST /workloads', kept).on('GET /workloads/calls', kept).on('PUT /workloads/calls', kept)
})
afterEach(() => api.stop())

const assign = ['assign', '--label', 'site=lyon', '--workload', 'calls']

describe('assign', () => {
  test('--dry-run shows who would get what, and why not, and does nothing', async () => {
    expect(await run([...assign, '--dry-run'])).toEqual({ exitCode: 0, out: table, error: '' })
    expect(bodies('/preview')).toEqual([{ labels: { site: 'lyon' }, workload: 'calls' }])
    expect(bodies('/assignments')).toEqual([])
  })

  test.each([
    [[], {}],
    [['--now'], null],
    [
      ['--waves', '1,10%,100%', '--most-at-once', '5'],
      { waves: [{ devices: 1 }, { share: 0.1 }, { share: 1 }], mostAtOnce: { devices: 5 } },
    ],
  ])('with %j has this plan', async (args, plan) => {
    expect((await run([...assign, '--yes', ...args])).exitCode).toBe(0)
    expect(bodies('/assignments')).toEqual([{ labels: { site: 'lyon' }, workload: 'calls', plan }])
  })

  test('that comes to nothing has failed, and says why for each device', async () => {
    const refused = [{ deviceId: 'd2', code: 'files-unresolved', says: '2 of its 2 files are not resolved yet' }]
    api.on('POST /assignments', { assigned: [], refused, rollouts: [] })
    const { exitCode, error } = await run([...assign, '--yes', '--now'])
    expect(exitCode).toBe(1)
    expect(error).toContain('Refused small (d2): 2 of its 2 files are not resolved yet\n')
    expect(error).toContain('No device took it.')
  })

  test('asks a person after showing it, and leaves it at a no', async () => {
    const questions: string[] = []
    const no = async (question: string) => questions.push(question) < 0
    const outcome = await run(assign, { confirm: no })
    expect(outcome).toEqual({ exitCode: 0, out: table, error: 'Nothing was changed.\n' })
    expect(questions).toEqual(['Change 1 device?'])
    expect(bodies('/assignments')).toEqual([])
  })

  test('tells what was assigned, and who was refused with the reason', async () => {
    const refused = [{ deviceId: 'd2', code: 'memory-short', says: 'it needs 4.00 GiB of memory' }]
    api.on('POST /assignments', { ...done, refused })
    const { out, error } = await run([...assign, '--yes', '--now'])
    expect(out).toBe(`${table}Assigned to 1 device.\n  till-7 (d1): e2b-q8, revision 3\n`)
    expect(error).toBe('Refused small (d2): it needs 4.00 GiB of memory\n')
  })

  test('as a rollout says how to follow it', async () => {
    api.on('POST /assignments', { assigned: [], refused: [], rollouts: [{ id: 'r1', workload: 'calls', devices: 1 }] })
    expect((await run([...assign, '--yes'])).out).toContain('Rollout r1 has begun: tradewind rollout show r1 --watch\n')
  })

  test('--json is for programs alone', async () => {
    expect(JSON.parse((await run([...assign, '--yes', '--json'])).out)).toEqual(done)
    expect(JSON.parse((await run([...assign, '--dry-run', '--json'])).out)).toEqual(preview)
  })

  test.each([
    [['assign', '--workload', 'calls'], 'Say which devices.'],
    [['assign', '--device', 'a', '--label', 'b=c', '--build', 'x'], 'Say which devices.'],
    [['assign', '--device', 'a'], 'Say what the devices are to get.'],
    [[...assign, '--now', '--waves', '1'], 'cannot be used with'],
    [[...assign, '--waves', 'half'], 'neither a number'],
    [assign, 'nobody is here to confirm it.'],
  ])('%j is written wrongly', async (args, says) => {
    const { exitCode, error } = await run(args)
    expect(exitCode).toBe(2)
    expect(error).toMatch(/^error usage: /)
    expect(error).toContain(says)
  })
})

describe('workload', () => {
  test('create shows the preview of the draft, then makes it', async () => {
    const { out } = await run([
      'workload',
      'create',
      'calls',
      '--for',
      'transcription',
      '--select',
      'site=lyon',
      '--yes',
    ])
    const draft = { ...workload, selects: { site: 'lyon' } }
    expect(bodies('/preview')).toEqual([{ draft }])
    expect(bodies('/workloads')).toEqual([draft])
    expect(out).toBe(
      `${table}Workload calls is there. Devices that serve nothing are placed now: tradewind devices list.\n`,
    )
  })

  test('change keeps what it is not told, and goes in waves', async () => {
    await run(['workload', 'change', 'calls', '--context', '8192', '--waves', '2,100%', '--yes'])
    const plan = { waves: [{ devices: 2 }, { share: 1 }] }
    expect(bodies('/workloads/calls').at(-1)).toEqual({ workload: { ...workload, context: 8192 }, plan })
  })

  test('list says what waits for its rollout', async () => {
    api.on('GET /workloads', { workloads: [kept] })
    expect((await run(['workload', 'list'])).out.split('\n')).toEqual([
      'ID     FOR            CONTEXT  SELECTS       PRIORITY  VERSION                   CHANGED    BY',
      'calls  transcription  4096     every device  0         2, waits for its rollout  1 min ago  user:ann',
      '',
    ])
  })

  test.each([
    [['workload', 'create', 'calls'], 'What are the devices for?'],
    [['workload', 'create', 'calls', '--for', 'sailing'], 'is no use'],
    [['workload', 'create', 'No', '--for', 'transcription'], 'id'],
    [['workload', 'create', 'calls', '--file', '/nowhere.json'], 'cannot be read'],
  ])('%j is written wrongly', async (args, says) => {
    const { exitCode, error } = await run([...args, '--yes'])
    expect(exitCode).toBe(2)
    expect(error).toContain(says)
  })

  test('delete asks first', async () => {
    api.on('DELETE /workloads/calls', { deleted: true })
    expect((await run(['workload', 'delete', 'calls'])).exitCode).toBe(2)
    expect((await run(['workload', 'delete', 'calls', '--yes'])).out).toMatch(/^Workload calls is gone/)
  })
})

const rollout = {
  id: 'r1',
  at: now - 120_000,
  actor: 'user:ann',
  workloadId: 'calls',
  state: 'paused',
  wave: 1,
  waves: 4,
  outcomes: { succeeded: 1, failed: 1 },
  pause: { code: 'too-many-failures', numbers: { failed: 1 }, at: now },
  waiting: { code: 'paused', numbers: {}, deadline: null },
}

describe('rollout', () => {
  test('list shows the state and why it waits', async () => {
    api.on('GET /rollouts', { rollouts: [rollout] })
    expect((await run(['rollout', 'list'])).out.split('\n')[1]).toBe(
      'r1  paused  2 of 4  1 succeeded, 1 failed  calls  2 min ago  user:ann  too-many-failures, failed 1',
    )
  })

  test('show names the members and why they failed; --watch ends with it', async () => {
    const member = { deviceId: 'd1', name: 'till-7', wave: 0, build: 'e2b-q8', outcome: 'failed', code: 'too-slow' }
    api.on('GET /rollouts/r1', { ...rollout, state: 'aborted', members: [member] })
    const { out, exitCode } = await run(['rollout', 'show', 'r1', '--watch'])
    expect(exitCode).toBe(0)
    expect(out).toContain('1     till-7  d1  e2b-q8  failed   too-slow\n')
  })

  test.each([
    ['pause', 'pause', []],
    ['resume', 'resume', []],
    ['abort', 'abort', ['--yes']],
    ['rollback', 'roll-back', ['--yes']],
  ])('%s', async (verb, act, args) => {
    api.on(`POST /rollouts/r1/${act}`, { id: 'r1', state: 'so' })
    expect(await run(['rollout', verb, 'r1', ...args])).toMatchObject({ exitCode: 0, out: 'Rollout r1 is so.\n' })
  })

  test('a rollback is not begun unasked', async () => {
    expect((await run(['rollout', 'rollback', 'r1'])).exitCode).toBe(2)
    expect(api.asked).toEqual([])
  })
})

test('proposals list leaves out what was dismissed, and names what is placed nowhere', async () => {
  const proposal = {
    deviceId: 'd1',
    deviceName: 'till-7',
    atMs: now - 60_000,
    workloadId: 'calls',
    build: 'e4b-q4',
    instead: 'e2b-q8',
    gain: 0.3,
    dismissedMs: null,
  }
  const unplaced = [{ deviceId: 'd2', deviceName: 'small', atMs: now - 60_000, kind: 'tie', workloadId: null }]
  api.on('GET /proposals', { proposals: [proposal, { ...proposal, deviceName: 'gone', dismissedMs: now }], unplaced })
  const { out } = await run(['proposals', 'list'])
  expect(out).toContain('till-7  d1  e2b-q8  e4b-q4    30 %  calls     1 min ago\n')
  expect(out).toContain('small   d2  tie      several   1 min ago\n')
  expect(out).not.toContain('gone')
})

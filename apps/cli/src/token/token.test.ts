import { writeEnrolToken } from '@tradewind/protocol'
import type { TokenRow } from '@tradewind/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ScriptedApi } from '../scripted-api'
import { now, tradewind } from '../scripted-terminal'

const hour = 3_600_000
const text = writeEnrolToken({ urls: ['https://10.0.0.2:4443'], caSha256: 'ab'.repeat(32), secret: 'x'.repeat(32) })
const created = { id: 'tok1', text, expiresMs: now + 24 * hour }
const open: TokenRow = {
  id: 'tok1',
  note: 'shop',
  state: 'open',
  createdMs: now - hour,
  createdBy: 'user:ann@example.org',
  expiresMs: now + 23 * hour,
  forDevice: null,
  usedBy: null,
}
const used: TokenRow = {
  ...open,
  id: 'tok2',
  note: '',
  state: 'used',
  expiresMs: now - hour,
  forDevice: 'dev1',
  usedBy: 'dev1',
}

let api: ScriptedApi
const token = (...args: string[]) =>
  tradewind(['token', ...args], { env: { TRADEWIND_URL: api.url, TRADEWIND_API_TOKEN: 'twp_x' } })

beforeEach(async () => {
  api = await ScriptedApi.start()
})
afterEach(() => api.stop())

test('create prints the token alone, so that it can be piped, and says the rest beside it', async () => {
  api.on('POST /enrol-tokens', created)
  const { exitCode, out, error } = await token('create', '--note', 'shop')
  expect(out).toBe(`${text}\n`)
  expect(error).toBe('Token tok1 lets one device in within 1 d. It is shown this once:\n')
  expect(exitCode).toBe(0)
  expect(api.asked).toMatchObject([{ method: 'POST', body: { note: 'shop', lifeHours: 24 } }])
})

test('create --json prints the answer', async () => {
  api.on('POST /enrol-tokens', created)
  const { out, error } = await token('create', '--hours', '1.5', '--json')
  expect(JSON.parse(out)).toEqual(created)
  expect(error).toBe('')
  expect(api.asked).toMatchObject([{ body: { note: '', lifeHours: 1.5 } }])
})

test('create --for-device takes a name and sends the id', async () => {
  const row = { presence: null, sync: 'unknown', deviceClass: null, board: null, cpu: null, cores: null }
  const more = { memoryBytes: null, os: null, agentVersion: null, enrolledMs: now, revokedMs: null }
  const asked = 'GET /devices?revoked=with&sort=name&q=till-7&limit=1000&offset=0'
  api.on(asked, { devices: [{ id: 'dev1', name: 'till-7', ...row, ...more }], total: 1 })
  api.on('POST /enrol-tokens', created)
  const { error } = await token('create', '--for-device', 'till-7')
  expect(api.asked.at(-1)).toMatchObject({ body: { note: '', lifeHours: 24, forDevice: 'dev1' } })
  expect(error).toContain('replaces the key of till-7')
})

test('a token that no device could read is not handed out', async () => {
  api.on('POST /enrol-tokens', { ...created, text: text.slice(0, -9) })
  const { exitCode, out, error } = await token('create')
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' })
  expect(error).toMatch(/^error bad-reply: .* at text\./)
})

test.each(['0', '-3', '721', 'soon', ''])('--hours %j is written wrongly', async (hours) => {
  const { exitCode, error } = await token('create', `--hours=${hours}`)
  expect(exitCode).toBe(2)
  expect(error).toMatch(/^error usage: .*1 to 720/)
  expect(api.asked).toEqual([])
})

test('list shows what became of each token', async () => {
  api.on('GET /enrol-tokens', { tokens: [open, used] })
  expect((await token('list')).out.split('\n')).toEqual([
    'ID    STATE  NOTE  MADE     BY                    EXPIRES  FOR DEVICE  USED BY',
    'tok1  open   shop  1 h ago  user:ann@example.org  in 23 h  -           -',
    'tok2  used   -     1 h ago  user:ann@example.org  1 h ago  dev1        dev1',
    '',
  ])
  expect(JSON.parse((await token('list', '--json')).out)).toEqual({ tokens: [open, used] })
})

test('list without tokens says how to make one', async () => {
  api.on('GET /enrol-tokens', { tokens: [] })
  expect((await token('list')).out).toBe('No token was made yet: tradewind token create.\n')
})

test('revoke, and revoke what cannot be revoked', async () => {
  api.on('DELETE /enrol-tokens/tok1', { revoked: true })
  expect(await token('revoke', 'tok1')).toEqual({ exitCode: 0, out: 'Revoked token tok1.\n', error: '' })
  const problem = { code: 'conflict', message: 'It was used.', next: 'There is nothing to revoke.' } as const
  api.refuses('DELETE /enrol-tokens/tok2', 409, problem)
  expect(await token('revoke', 'tok2')).toEqual({
    exitCode: 1,
    out: '',
    error: 'error conflict: It was used.\nThere is nothing to revoke.\n',
  })
})

test('an id cannot reach another address', async () => {
  await token('revoke', '../devices')
  expect(api.asked).toMatchObject([{ path: '/enrol-tokens/..%2Fdevices' }])
})

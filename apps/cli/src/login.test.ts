import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dashboardUrl, findLogin, loginFile } from './saved-login'
import { ScriptedApi } from './scripted-api'
import { tradewind } from './scripted-terminal'

let folder: string
let api: ScriptedApi
let env: Record<string, string>

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tradewind-cli-'))
  env = { XDG_CONFIG_HOME: folder }
  api = await ScriptedApi.start()
  api.on('GET /me', { name: 'ops', email: null, role: 'operator' })
})
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  await api.stop()
})

const save = (login: object) => {
  mkdirSync(path.join(folder, 'tradewind'), { recursive: true })
  writeFileSync(loginFile(env), JSON.stringify(login))
}

describe('login', () => {
  test('checks the token and saves it for its owner alone', async () => {
    const outcome = await tradewind(['login', '--url', `${api.url}/`, '--token', 'twp_a'], { env })
    const file = path.join(folder, 'tradewind', 'cli.json')
    expect(outcome).toEqual({
      exitCode: 0,
      out: `Signed in to ${api.url} as ops (operator). Saved in ${file}.\n`,
      error: '',
    })
    expect(api.asked).toEqual([{ method: 'GET', path: '/me', token: 'twp_a', body: null }])
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ url: api.url, token: 'twp_a' })
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('replaces a file that was open to all', async () => {
    save({})
    chmodSync(loginFile(env), 0o644)
    await tradewind(['login', '--url', api.url, '--token', 'twp_b'], { env })
    expect(statSync(loginFile(env)).mode & 0o777).toBe(0o600)
    expect(findLogin(env)).toEqual({ url: api.url, token: 'twp_b' })
  })

  test('saves nothing when the token is refused', async () => {
    const problem = { code: 'unauthorised', message: 'You are not signed in.', next: 'Send an API token.' } as const
    api.refuses('GET /me', 401, problem)
    expect(await tradewind(['login', '--url', api.url, '--token', 'twp_x'], { env })).toEqual({
      exitCode: 1,
      out: '',
      error: 'error unauthorised: You are not signed in.\nSend an API token.\n',
    })
    expect(() => statSync(loginFile(env))).toThrow('ENOENT')
  })

  test('says so when it cannot be saved', async () => {
    writeFileSync(path.join(folder, 'tradewind'), 'a file where a folder should be')
    const { exitCode, error } = await tradewind(['login', '--url', api.url, '--token', 'twp_a'], { env })
    expect(exitCode).toBe(1)
    expect(error).toContain(`error login-unwritable: ${loginFile(env)} cannot be written: E`)
  })

  test('what it saved is used by the next command', async () => {
    api.on('GET /enrol-tokens', { tokens: [] })
    await tradewind(['login', '--url', api.url, '--token', 'twp_a'], { env })
    expect(await tradewind(['token', 'list'], { env })).toMatchObject({ exitCode: 0 })
    expect(api.asked.at(-1)).toMatchObject({ path: '/enrol-tokens', token: 'twp_a' })
  })
})

describe('the login to use', () => {
  const saved = { url: 'https://saved.example', token: 'twp_saved' }

  test('is where the environment says that settings are', () => {
    expect(loginFile({ HOME: '/home/ann' })).toBe('/home/ann/.config/tradewind/cli.json')
    expect(loginFile({ HOME: '/home/ann', XDG_CONFIG_HOME: '/etc/ann' })).toBe('/etc/ann/tradewind/cli.json')
  })

  test.each([
    [{}, saved],
    [{ TRADEWIND_API_TOKEN: 'twp_env' }, { url: 'https://saved.example', token: 'twp_env' }],
    [{ TRADEWIND_URL: 'https://saved.example/' }, saved],
    [
      { TRADEWIND_URL: 'https://env.example', TRADEWIND_API_TOKEN: 'twp_env' },
      { url: 'https://env.example', token: 'twp_env' },
    ],
  ])('with %j', (more, login) => {
    save(saved)
    expect(findLogin({ ...env, ...more })).toEqual(login)
  })

  test('never sends a saved token to another dashboard', () => {
    save(saved)
    expect(() => findLogin({ ...env, TRADEWIND_URL: 'https://other.example' })).toThrow(
      'The saved token is for https://saved.example, not for https://other.example.',
    )
  })

  test('is missing: says how to sign in', async () => {
    const { exitCode, error } = await tradewind(['devices', 'list'], { env })
    expect(exitCode).toBe(1)
    expect(error).toMatch(/^error not-signed-in: .*\n.*tradewind login --url URL --token TOKEN\n$/)
  })

  test.each(['{', '[]', '{"url":1}'])('is garbled as %s: says which file', async (text) => {
    save({})
    writeFileSync(loginFile(env), text)
    const { exitCode, error } = await tradewind(['devices', 'list'], { env })
    expect(exitCode).toBe(1)
    expect(error).toContain(`error login-unreadable: ${loginFile(env)} cannot be read.`)
  })
})

test.each([
  ['http://localhost:3000/', 'http://localhost:3000'],
  ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
  ['http://[::1]:3000/', 'http://[::1]:3000'],
  ['https://fleet.example/tradewind/', 'https://fleet.example/tradewind'],
  ['https://fleet.example?x=1#y', 'https://fleet.example'],
])('%s is the dashboard %s', (text, url) => {
  expect(dashboardUrl(text)).toBe(url)
})

test.each([
  'localhost:3000',
  'fleet',
  '',
  'file:///etc/passwd',
  'http://192.168.1.20:3000',
  'http://localhost.example',
])('%j is no address to send a token to', async (url) => {
  const { exitCode, error } = await tradewind(['login', '--url', url, '--token', 'twp_a'], { env })
  expect(exitCode).toBe(2)
  expect(error).toMatch(/^error usage: /)
})

import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytes, relative, table } from './format'
import { ScriptedApi } from './scripted-api'
import { tradewind } from './scripted-terminal'
import { takesColour } from './terminal'

let api: ScriptedApi
beforeEach(async () => {
  api = await ScriptedApi.start()
})
afterEach(() => api.stop())

const list = (url: string) =>
  tradewind(['token', 'list'], { env: { TRADEWIND_URL: url, TRADEWIND_API_TOKEN: 'twp_x' } })

describe('the command line', () => {
  test.each([
    [[], 2],
    [['--help'], 0],
    [['--version'], 0],
    [['help', 'devices'], 0],
    [['devices', 'list', '--help'], 0],
    [['devices'], 2],
    [['sail'], 2],
    [['devices', 'sail'], 2],
    [['devices', 'list', '--speed'], 2],
    [['devices', 'show'], 2],
    [['devices', 'show', 'a', 'b'], 2],
    [['login'], 2],
    [['login', '--url', 'https://a.example'], 2],
  ])('%j ends with %i', async (args, exitCode) => {
    const outcome = await tradewind(args, { env: {} })
    expect(outcome.exitCode).toBe(exitCode)
    expect(exitCode === 0 ? outcome.out : outcome.error).not.toBe('')
  })

  test('a mistake is explained in one place and shape', async () => {
    expect(await tradewind(['devices', 'list', '--speed'], { env: {} })).toEqual({
      exitCode: 2,
      out: '',
      error: "error usage: unknown option '--speed'\nSee tradewind devices list --help.\n",
    })
  })

  test('an error is red only where that is wanted', async () => {
    const { error } = await tradewind(['devices', 'show'], { env: {}, colour: { out: true, error: true } })
    expect(error.startsWith('\u001b[31merror usage:\u001b[0m missing')).toBe(true)
  })
})

describe('a dashboard that', () => {
  test('is not running', async () => {
    const probe = createServer()
    const port = await new Promise<number>((resolve) =>
      probe.listen(0, '127.0.0.1', () => resolve((probe.address() as { port: number }).port)),
    )
    await new Promise((resolve) => probe.close(resolve))
    const { exitCode, error } = await list(`http://127.0.0.1:${port}`)
    expect(exitCode).toBe(1)
    expect(error).toBe(
      `error unreachable: http://127.0.0.1:${port}/api/v1/enrol-tokens cannot be reached: connection refused.\n` +
        'Is the dashboard running? npm start starts it. Is the address right? tradewind login changes it.\n',
    )
  })

  test('hangs up', async () => {
    const rude = createServer((socket) => socket.on('data', () => socket.destroy()))
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve))
    const { exitCode, error } = await list(`http://127.0.0.1:${(rude.address() as { port: number }).port}`)
    rude.close()
    expect(exitCode).toBe(1)
    expect(error).toMatch(/^error unreachable: .* cannot be reached: .+\.\n/)
  })

  test.each([
    ['answers with a page', 200, '<html>', /bad-reply: .*the body/],
    ['answers nothing', 200, '', /bad-reply/],
    ['answers another shape', 200, '{"tokens":[{"id":1}]}', /bad-reply: .*tokens\.0\.id/],
    ['is behind a broken proxy', 502, '<html>', /bad-reply: .*HTTP 502/],
    ['sends elsewhere', 302, '', /bad-reply: .*HTTP 302/],
    ['names an unknown problem', 500, '{"code":"teapot","message":"m","next":"n"}', /bad-reply: .*HTTP 500/],
  ])('%s', async (_, code, body, expected) => {
    api.says('GET /enrol-tokens', code, body)
    const { exitCode, out, error } = await list(api.url)
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' })
    expect(error).toMatch(expected)
  })
})

describe('format', () => {
  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [8_448_409_600, '7.9 GiB'],
    [64 * 1024 ** 3, '64.0 GiB'],
    [500 * 1024 ** 3, '500 GiB'],
    [5 * 1024 ** 5, '5120 TiB'],
  ])('%i bytes', (value, text) => {
    expect(bytes(value)).toBe(text)
  })

  test.each([
    [0, 'just now'],
    [1999, 'just now'],
    [-1500, 'just now'],
    [-12_000, '12 s ago'],
    [-59_999, '59 s ago'],
    [-60_000, '1 min ago'],
    [-7_200_000, '2 h ago'],
    [-200_000_000, '2 d ago'],
    [3_600_000, 'in 1 h'],
  ])('%i ms from now', (offset, text) => {
    expect(relative(1_790_000_000_000 + offset, 1_790_000_000_000)).toBe(text)
  })

  test('a table is as wide as its widest cells, colour not counted', () => {
    const rows = [
      ['a', { text: 'b', style: 'green' as const }, 'c'],
      ['münze', '', 'e'],
    ]
    expect(table(['X', 'LONG', 'Z'], rows, false)).toBe('X      LONG  Z\na      b     c\nmünze        e\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
    expect(table(['X', 'LONG', 'Z'], rows, true).replace(/\u001b\[\d+m/g, '')).toBe(
      table(['X', 'LONG', 'Z'], rows, false),
    )
  })

  test.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{}, {}, false],
  ])('%j with %j takes colour: %s', (stream, env, colour) => {
    expect(takesColour(stream, env)).toBe(colour)
  })
})

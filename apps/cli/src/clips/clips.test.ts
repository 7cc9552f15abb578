import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { SmokeClipKept } from '@tradewind/protocol'
import { testFolder } from '@tradewind/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ScriptedApi } from '../scripted-api'
import { now, tradewind } from '../scripted-terminal'

let api: ScriptedApi
beforeEach(async () => {
  api = await ScriptedApi.start()
})
afterEach(() => api.stop())

const run = (args: string[]) => tradewind(args, { env: { TRADEWIND_URL: api.url, TRADEWIND_API_TOKEN: 'twp_x' } })
const kept: SmokeClipKept = {
  ...{ id: 'c1', sha256: '0'.repeat(64), bytes: 2048, language: 'es', reference: 'dos cajas' },
  ...{ workload: 'calls', build: null, addedMs: now - 60_000, addedBy: 'user:ada' },
}

function clipFile(bytes = 4) {
  const file = path.join(testFolder('clip'), 'order.flac')
  writeFileSync(file, Buffer.concat([Buffer.from('fLaC'), Buffer.alloc(bytes - 4)]))
  return file
}

test('a clip is sent as it is, with what is spoken in it', async () => {
  api.on('POST /clips?text=dos+cajas&language=es&workload=calls', kept)
  const { out } = await run([
    'clips',
    'add',
    clipFile(),
    '--text',
    'dos cajas',
    '--language',
    'es',
    '--workload',
    'calls',
  ])
  expect(out).toBe('Clip c1 is there: calls is tested on it from the next assignment on.\n')
  expect(api.asked).toMatchObject([{ method: 'POST', body: 'fLaC' }])
})

test('the list says what each is for', async () => {
  api.on('GET /clips', { clips: [kept] })
  const { out } = await run(['clips', 'list'])
  expect(out).toContain('c1')
  expect(out).toContain('dos cajas')
  api.on('GET /clips', { clips: [] })
  expect((await run(['clips', 'list'])).out).toContain('tradewind clips add FILE')
})

test('one is deleted by its id', async () => {
  api.on('DELETE /clips/c1', { deleted: true })
  expect((await run(['clips', 'delete', 'c1', '--yes'])).out).toContain('Clip c1 is gone.')
})

test.each([
  [['--text', 'a'], 'Say what the clip is for.'],
  [['--text', 'a', '--workload', 'b', '--build', 'c'], 'Say what the clip is for.'],
  [['--workload', 'b'], '--text'],
])('%j is written wrongly', async (args, says) => {
  const { exitCode, error } = await run(['clips', 'add', clipFile(), ...args])
  expect(exitCode).toBe(2)
  expect(error).toContain(says)
})

test('a file that is too large, or not there, is not sent', async () => {
  const args = ['--text', 'a', '--workload', 'b']
  expect((await run(['clips', 'add', clipFile(5 * 1024 * 1024), ...args])).error).toContain('5.0')
  expect((await run(['clips', 'add', '/nowhere/a.flac', ...args])).error).toContain('cannot be read')
  expect(api.asked).toEqual([])
})

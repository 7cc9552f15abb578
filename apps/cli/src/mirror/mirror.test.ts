import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { gemma4 } from '@tradewind/fleet'
import type { Mirror, Mirrored } from '@tradewind/protocol'
import { testFolder } from '@tradewind/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ScriptedApi } from '../scripted-api'
import { now, tradewind } from '../scripted-terminal'

let api: ScriptedApi
beforeEach(async () => {
  api = await ScriptedApi.start()
})
afterEach(() => api.stop())

/** What the hub says of its mirror, one after the other whenever the command waits. */
async function say(args: string[], after: Mirrored[] = []) {
  const left = [...after]
  const sleep = async () => {
    const next = left.shift()
    if (next) api.on('GET /mirror', mirror(next))
  }
  return tradewind(args, { env: { TRADEWIND_URL: api.url, TRADEWIND_API_TOKEN: 'twp_x' }, sleep })
}

const waiting: Mirrored = {
  ...{ build: 'e2b-q4_0', bytes: 4 * 1024 ** 3, hereBytes: 0, state: 'waiting', devices: 2 },
  ...{ lastUsedMs: null, progress: null, trouble: null },
}
const fetching: Mirrored = {
  ...waiting,
  state: 'fetching',
  progress: { doneBytes: 1024 ** 3, bytesPerSecond: 32 * 1024 ** 2, etaSeconds: 96 },
}
const whole: Mirrored = { ...waiting, state: 'whole', hereBytes: waiting.bytes, lastUsedMs: now - 60_000 }
const failed: Mirrored = {
  ...waiting,
  state: 'failed',
  trouble: { code: 'wrong-bytes', message: 'The source sent other bytes.', next: 'Do not trust it.', retryMs: null },
}
const mirror = (...builds: Mirrored[]): Mirror => ({
  ...{ mode: 'manual', source: 'huggingface.co', usedBytes: 1024 ** 3, budgetBytes: 50 * 1024 ** 3 },
  ...{ roomBytes: 49 * 1024 ** 3, transfers: 0, builds },
})
const added = {
  build: 'e2b-q4_0',
  files: [{ repository: 'a/b', path: 'm.gguf', commit: 'c'.repeat(40), bytes: 1024, sha256: 'd'.repeat(64) }],
  mirrored: waiting,
}

describe('tradewind mirror add', () => {
  test('waits until all is there, and says how far it is', async () => {
    api.on('POST /mirror', added).on('GET /mirror', mirror(waiting))
    const { exitCode, out, error } = await say(['mirror', 'add', 'e2b-q4_0'], [fetching, whole])
    expect([exitCode, out]).toEqual([0, 'e2b-q4_0 is mirrored.\n'])
    expect(error).toBe(
      `m.gguf: 1.0 KiB, sha256 ${'d'.repeat(64)}\n` +
        'e2b-q4_0: 0 % of 4.0 GiB, waiting\n' +
        'e2b-q4_0: 25 % of 4.0 GiB, 32.0 MiB/s, 1 min to go\n',
    )
    expect(api.asked[0]).toMatchObject({ body: { build: 'e2b-q4_0', resolveOnly: false } })
  })

  test('fails with the reason when the hub gave up', async () => {
    api.on('POST /mirror', added).on('GET /mirror', mirror(failed))
    expect(await say(['mirror', 'add', 'e2b-q4_0'])).toMatchObject({
      exitCode: 1,
      error: expect.stringMatching(
        /error not-fetched: wrong-bytes: The source sent other bytes\.\nDo not trust it\.\n$/,
      ),
    })
  })

  test('does not wait where it is told so, or where nothing is to be fetched', async () => {
    api.on('POST /mirror', added)
    expect((await say(['mirror', 'add', 'e2b-q4_0', '--no-wait'])).out).toContain('The hub fetches e2b-q4_0')
    api.on('POST /mirror', { ...added, mirrored: null })
    expect((await say(['mirror', 'add', 'e2b-q4_0', '--resolve-only'])).out).toBe('Resolved the 1 files of e2b-q4_0.\n')
    expect(api.asked.at(-1)).toMatchObject({ body: { resolveOnly: true } })
  })

  test('prints one document for programs', async () => {
    api.on('POST /mirror', added).on('GET /mirror', mirror(whole))
    const { out, error } = await say(['mirror', 'add', 'e2b-q4_0', '--json'])
    expect([JSON.parse(out), error]).toEqual([{ ...added, mirrored: whole }, ''])
  })

  test('passes on what the hub refuses', async () => {
    const problem = { code: 'file-differs', message: 'It differs.', next: 'Find out why.' } as const
    api.refuses('POST /mirror', 409, problem)
    const { exitCode, error } = await say(['mirror', 'add', 'e2b-q4_0'])
    expect([exitCode, error]).toEqual([1, 'error file-differs: It differs.\nFind out why.\n'])
  })
})

test('tradewind mirror list shows what is there and what is wrong', async () => {
  api.on('GET /mirror', mirror(whole, { ...failed, build: 'other' }))
  const { out, error } = await say(['mirror', 'list'])
  expect(error).toBe('1.0 GiB of 50.0 GiB used, room for 49.0 GiB; from huggingface.co, manual\n')
  expect(out).toMatch(/^e2b-q4_0 +whole +4\.0 GiB +4\.0 GiB +2 +1 min ago$/m)
  expect(out).toMatch(/^other +failed +0 B +4\.0 GiB +2 +unknown +wrong-bytes: The source sent other bytes\.$/m)
})

test('tradewind mirror prune says what was given up', async () => {
  api.on('POST /mirror/prune', { removed: ['a', 'b'], freedBytes: 2048 })
  expect((await say(['mirror', 'prune'])).out).toBe('Gave up a, b; 2.0 KiB are free again.\n')
})

describe('tradewind models add', () => {
  const [build] = gemma4.builds

  const file = (content: object) => {
    const name = path.join(testFolder('catalogue'), 'more.json')
    writeFileSync(name, JSON.stringify(content))
    return name
  }

  test.each([
    [[], 'POST'],
    [['--replace'], 'PUT'],
  ])('with %j sends the file by %s', async (more, method) => {
    api.on(`${method} /catalogue`, gemma4)
    const adds = { builds: [{ ...build, id: 'own' }] }
    const { exitCode, out, error } = await say(['models', 'add', file(adds), ...more])
    expect([exitCode, out]).toEqual([
      0,
      `Added 1 entry to the catalogue, which has ${gemma4.builds.length} builds now.\n`,
    ])
    expect(error).toContain('tradewind mirror add own')
    expect(api.asked).toMatchObject([{ method, body: adds }])
  })

  test('sends nothing that is not shaped so', async () => {
    expect(await say(['models', 'add', file({ builds: [{}] })])).toMatchObject({ exitCode: 1 })
    expect(api.asked).toEqual([])
  })
})

import type { Heard } from '@tradewind/protocol'
import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { ClipError } from './clip'
import { type FetchClip, type Hear, Trials } from './trials'

const secret = 'what somebody said'
const trial = {
  kind: 'try' as const,
  clip: { path: '/clips/abcdefghijklmnopqrstuvwx', bytes: 3, sha256: '0'.repeat(64) },
  language: 'en',
}
const heard: Heard = {
  text: secret,
  language: 'en',
  audioSeconds: 1,
  queueMs: 0,
  engineMs: 1,
  totalMs: 1,
  segments: [],
  build: 'e2b-q8_0',
  demo: false,
}

function trialsWith(hear: Hear, fetchClip: FetchClip = async () => Buffer.from('abc')) {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line) => void lines.push(line) })
  return { trials: new Trials({ fetchClip, hear, log }), lines }
}

const fails = (error: object) => () => Promise.reject(Object.assign(new Error(secret), error))

describe('what cannot be heard is answered by code, and neither answer nor log quote anything', () => {
  test.each([
    ['an engine that is lost', fails({ code: 'engine-lost' }), undefined, 'engine-lost'],
    ['an error without a code', fails({}), undefined, 'failed'],
    ['an answer of another shape', async () => ({ ...heard, audioSeconds: Number.NaN }), undefined, 'failed'],
    [
      'a clip that is gone',
      async () => heard,
      () => Promise.reject(new ClipError('clip-gone', 'the hub said 410')),
      'clip-gone',
    ],
  ] satisfies [string, Hear, FetchClip | undefined, string][])('%s', async (_, hear, fetchClip, code) => {
    const { trials, lines } = trialsWith(hear, fetchClip)
    const answer = await trials.answer('id', trial)
    expect(answer).toMatchObject({ kind: 'failed', code })
    expect(lines).toHaveLength(1)
    expect(JSON.stringify([answer, lines])).not.toContain(secret)
  })

  test('and what was heard is answered, and not logged', async () => {
    const { trials, lines } = trialsWith(async () => heard)
    expect(await trials.answer('id', trial)).toEqual({ kind: 'heard', ...heard, cut: false })
    expect(lines).toEqual([])
  })
})

test('a trial that was cancelled answers nobody, and makes room for the next', async () => {
  const { trials, lines } = trialsWith(
    (_clip, _wish, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  )
  const running = ['one', 'two'].map((id) => trials.answer(id, trial))
  expect(await trials.answer('three', trial)).toMatchObject({ code: 'busy', retryAfterSeconds: 15 })
  await Promise.resolve()
  trials.cancel('one')
  expect(await running[0]).toBeNull()
  trials.cancelAll()
  expect(await running[1]).toBeNull()
  expect(lines).toEqual([])
})

import { ScriptedEngine } from '@tradewind/testkit'
import { expect, test } from 'vitest'
import { smokeTest } from './smoke'

const text = 'one two three four five six seven eight nine ten'
const plain = { baseline: null, mostWordErrors: 0.2, speedShare: 0.5, leastPerSecond: 0, clips: [] }
const baseline = { prompt: 'known-prompt' as const, text, generationPerSecond: 10 }
const clip = { sha256: '0'.repeat(64), bytes: 1, language: 'es', reference: 'hola mundo' }

// the scripted engine says a word in 100 ms
test.each<[string, string, Partial<Parameters<typeof smokeTest>[0]>, string]>([
  ['says what the canary said', text, { baseline }, 'passed'],
  ['says what nobody recorded yet', text, {}, 'flagged'],
  [
    'was asked otherwise than the canary',
    text,
    { baseline: { ...baseline, prompt: 'known-clip', text: 'other' } },
    'flagged',
  ],
  ['says nothing', ' ', { baseline }, 'failed: empty'],
  ['answers in another script', 'один два три четыре', {}, 'failed: wrong-language'],
  ['differs in one word of ten', text.replace('two', 'too'), { baseline }, 'passed'],
  ['differs in three words of ten', text.replace('one two three', 'a b c'), { baseline }, 'failed: answer-differs'],
  ['is half as fast as the canary', text, { baseline: { ...baseline, generationPerSecond: 20 } }, 'passed'],
  ['is slower than that', text, { baseline: { ...baseline, generationPerSecond: 21 } }, 'failed: too-slow'],
  ['is slower than the workload asks', text, { leastPerSecond: 11 }, 'failed: too-slow'],
  ['hears an operator’s clip', text, { clips: [clip] }, 'flagged'],
  ['mishears an operator’s clip', text, { clips: [{ ...clip, reference: 'buenas noches' }] }, 'failed: word-errors'],
])('a build that %s', async (_, says, more, wanted) => {
  const engine = new ScriptedEngine(() => says.split(/(?= )/))
  const signal = new AbortController().signal
  const result = await smokeTest(
    { ...plain, ...more },
    { engine, clip: null, hearClip: async () => 'hola mundo', signal },
  )
  expect(result.code ? `${result.outcome}: ${result.code}` : result.outcome).toBe(wanted)
  expect(JSON.stringify(result)).not.toMatch(/hola|buenas/)
})

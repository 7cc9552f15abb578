import { speechPrompts } from '@tradewind/fleet'
import { expect, test } from 'vitest'
import type { Generation } from '../engine/engine'
import type { Answer } from './ask'
import type { Segment } from './audio'
import { type Heard, hear, longestSegmentSeconds, partTranslation, type Wish } from './hear'

const english = { code: 'en', name: 'English' }
const spanish = { code: 'es', name: 'Spanish' }
const wish: Wish = { language: spanish, target: null, hint: '', temperature: 0 }
const segment = (start: number, end: number, overlap = 0): Segment => ({
  start,
  end,
  samples: Float32Array.of(0),
  overlap,
})
const loop = 'hola '.repeat(20)

/** Answers with these, one after the other, and keeps what was asked. */
function scripted(...answers: (string | Partial<Answer>)[]) {
  const asked: Generation[] = []
  const ask = async (generation: Generation): Promise<Answer> => {
    asked.push(generation)
    const answer = answers[asked.length - 1] ?? ''
    const ending = { finish: 'stop' as const, promptTokens: 1, generatedTokens: 1, promptMs: 1, generationMs: 1 }
    return { text: '', ...ending, ...(typeof answer === 'string' ? { text: answer } : answer) }
  }
  return { ask, asked }
}

const prompts = (asked: Generation[]) =>
  asked.map(({ turns }) => turns[0]?.parts.map((part) => (part.is === 'text' ? part.text : 'SOUND')))

/** Of two that overlap by more than a second, the last word of the first was heard in part; else nothing is shared. */
const join = (parts: { text: string; overlap: number }[]) =>
  parts.reduce((before, { text, overlap }) => {
    const words = before.split(' ')
    return [...(overlap > 1 ? words.slice(0, -1) : words), text].join(' ').trim()
  }, '')

async function heardBy(ask: (generation: Generation) => Promise<Answer>, segments: Segment[], wanted: Wish) {
  const all: Heard[] = []
  for await (const one of hear(segments, wanted, ask, join)) all.push(one)
  return all
}

test.each([
  ['a transcript', wish, speechPrompts.transcribe('Spanish')],
  ['a transcript of whatever it is', { ...wish, language: null }, speechPrompts.transcribeAnyLanguage],
  ['a translation', { ...wish, target: english }, speechPrompts.translate('Spanish', 'English')],
  ['a translation into what it is already', { ...wish, target: spanish }, speechPrompts.transcribe('Spanish')],
  [
    'a transcript with a hint',
    { ...wish, hint: 'Zaragoza' },
    `${speechPrompts.transcribe('Spanish')}\n\nNames and words that may occur, for their spelling: Zaragoza`,
  ],
])('%s is asked for by the official prompt, the sound first, greedily', async (_, wanted, prompt) => {
  const { ask, asked } = scripted('hola\nEnglish: hello')
  await heardBy(ask, [segment(0, 2)], wanted)
  expect(prompts(asked)[0]).toEqual(['SOUND', prompt])
  expect(asked[0]?.temperature).toBe(0)
})

test('no segments: nothing is asked', async () => {
  const { ask, asked } = scripted()
  expect(await heardBy(ask, [], wish)).toEqual([])
  expect(asked).toEqual([])
})

test('a transcript is one line, with the times of its segment', async () => {
  const { ask } = scripted(' hola\n  mundo ')
  expect(await heardBy(ask, [segment(1, 3)], wish)).toEqual([
    { start: 1, end: 3, text: 'hola mundo', transcript: null, repeated: false },
  ])
})

test('a translation comes with its transcript', async () => {
  const { ask } = scripted('hola mundo\nEnglish: hello world')
  const [heard] = await heardBy(ask, [segment(0, 1)], { ...wish, target: english })
  expect(heard).toMatchObject({ text: 'hello world', transcript: 'hola mundo' })
})

test('a translation that was left out is asked for as text', async () => {
  const { ask, asked } = scripted('hola mundo', 'hello world')
  const [heard] = await heardBy(ask, [segment(0, 1)], { ...wish, target: english })
  expect(heard).toMatchObject({ text: 'hello world', transcript: 'hola mundo' })
  expect(prompts(asked)[1]).toEqual([
    'Translate the following text from Spanish into English. Only output the translation.\n\nhola mundo',
  ])
})

test.each([
  ['loops', loop],
  ['uses up its tokens', { text: 'hola', finish: 'length' as const }],
])('an answer that %s is asked for once more with other sampling', async (_, first) => {
  const { ask, asked } = scripted(first, 'hola mundo')
  expect(await heardBy(ask, [segment(0, 1)], wish)).toMatchObject([{ text: 'hola mundo', repeated: false }])
  expect(asked.map(({ temperature }) => temperature)).toEqual([0, 0.4])
})

test('an answer that loops twice is cut where it begins to, and marked', async () => {
  const { ask, asked } = scripted(loop, loop)
  expect(await heardBy(ask, [segment(0, 1)], wish)).toMatchObject([{ text: 'hola', repeated: true }])
  expect(asked).toHaveLength(2)
})

test('segments that overlap part in the middle, and what both heard stands once', async () => {
  const { ask } = scripted('one two thr', 'three four', 'five')
  const heard = await heardBy(ask, [segment(0, 10), segment(8, 15, 2), segment(16, 18)], wish)
  expect(heard.map(({ start, end, text }) => [start, end, text])).toEqual([
    [0, 9, 'one two'],
    [9, 15, 'three four'],
    [16, 18, 'five'],
  ])
})

test('of translations that overlap, both texts are parted', async () => {
  const { ask } = scripted('uno dos tr\nEnglish: one two thr', 'tres\nEnglish: three')
  const heard = await heardBy(ask, [segment(0, 10), segment(8, 15, 2)], { ...wish, target: english })
  expect(heard).toMatchObject([
    { text: 'one two', transcript: 'uno dos' },
    { text: 'three', transcript: 'tres' },
  ])
})

test('a segment is given when it is done, unless the next overlaps it', async () => {
  const { ask, asked } = scripted('one', 'two', 'three')
  const given: [string, number][] = []
  const segments = [segment(0, 5), segment(6, 11), segment(10, 15, 1)]
  for await (const { text } of hear(segments, wish, ask, join)) given.push([text, asked.length])
  expect(given).toEqual([
    ['one', 1],
    ['two', 3],
    ['three', 3],
  ])
})

test('more speech may take more tokens, and a translation twice of them', async () => {
  const tokensOf = async (seconds: number, target: Wish['target']) => {
    const { ask, asked } = scripted('hola\nEnglish: hello')
    await heardBy(ask, [segment(0, seconds)], { ...wish, target })
    return asked[0]?.mostTokens ?? 0
  }
  expect(await tokensOf(30, null)).toBeGreaterThan(30 * 3.3 * 2)
  expect(await tokensOf(30, english)).toBe(2 * (await tokensOf(30, null)))
})

test.each([
  ['hola\nEnglish: hello', { transcript: 'hola', text: 'hello' }],
  ['hola\nqué tal\nEnglish: hello\nhow are you', { transcript: 'hola qué tal', text: 'hello how are you' }],
  ['English: hello', { transcript: '', text: 'hello' }],
  ['hola\nEnglish:', { transcript: 'hola', text: '' }],
  [
    'él dijo English: no\nEnglish: he said English: no',
    { transcript: 'él dijo English: no', text: 'he said English: no' },
  ],
  ['hola', null],
  ['', null],
])('%j is parted', (answer, parts) => {
  expect(partTranslation(answer, english)).toEqual(parts)
})

test.each([
  ['e2b-q8_0', 30],
  ['e2b-q4_0', 15],
  ['pocket-f16', 30],
  ['somebodys-q4_k_m', 15],
])('%s hears %d s at once', (build, seconds) => {
  expect(longestSegmentSeconds(build)).toBe(seconds)
})

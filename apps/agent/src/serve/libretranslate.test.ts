import { type Script, ScriptedEngine, testApi } from '@tradewind/testkit'
import { expect, test } from 'vitest'
import type { Generation } from '../engine/engine'

const json = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

const promptOf = ({ turns }: Generation) =>
  turns[0]?.parts.map((part) => (part.is === 'text' ? part.text : '')).join('')

/** Says `Spanish` of every text, and translates by crying it out. */
const linguist = () =>
  new ScriptedEngine((generation): Script => {
    const prompt = promptOf(generation) ?? ''
    return prompt.startsWith('Which language') ? ' Spanish.\n' : `${prompt.split('\n\n').at(-1)?.toUpperCase()}`
  })

function parts(fields: Record<string, string>) {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  return { method: 'POST', body }
}

const hola = { q: 'hola', source: 'es', target: 'en' }

test.each([
  ['JSON', json({ ...hola, format: 'text' })],
  ['a form', { method: 'POST', body: new URLSearchParams(hola) }],
  ['a form in parts', parts(hola)],
])('a text, sent as %s', async (_, request) => {
  const { url, engine } = await testApi({ engine: linguist() })
  const reply = await fetch(`${url}/translate`, request)
  expect(await reply.json()).toEqual({ translatedText: 'HOLA' })
  expect(engine.asked.map(promptOf)).toEqual([
    'Translate the following text from Spanish into English. Only output the translation.\n\nhola',
  ])
  expect(engine.asked[0]?.temperature).toBe(0)
})

test('several texts, in their order', async () => {
  const { url } = await testApi({ engine: linguist() })
  const reply = await fetch(`${url}/translate`, json({ ...hola, q: ['hola', '', 'adiós'] }))
  expect(await reply.json()).toEqual({ translatedText: ['HOLA', '', 'ADIÓS'] })
})

test('source auto: the language is asked for first, and told without a probability', async () => {
  const { url, engine } = await testApi({ engine: linguist() })
  const reply = await fetch(`${url}/translate`, json({ ...hola, source: 'auto' }))
  expect(await reply.json()).toEqual({
    translatedText: 'HOLA',
    detectedLanguage: { confidence: null, language: 'es' },
  })
  expect(engine.asked).toHaveLength(2)
})

test('a text that is in the target language already comes back as it is', async () => {
  const { url, engine } = await testApi({ engine: linguist() })
  const reply = await fetch(`${url}/translate`, json({ ...hola, target: 'es' }))
  expect(await reply.json()).toEqual({ translatedText: 'hola' })
  expect(engine.asked).toEqual([])
})

test('a translation that runs out of tokens is an error, not half a text', async () => {
  const { url } = await testApi({ engine: new ScriptedEngine(() => ({ pieces: ['HO'], finish: 'length' })) })
  const reply = await fetch(`${url}/translate`, json(hola))
  expect(reply.status).toBe(400)
  expect(await reply.json()).toEqual({ error: expect.stringMatching(/Send the text in parts/) })
})

test.each([
  ['Spanish', [{ confidence: null, language: 'es' }]],
  ['I am not sure', []],
])('detect: the model says %j', async (answer, told) => {
  const { url } = await testApi({ engine: new ScriptedEngine(() => answer) })
  expect(await (await fetch(`${url}/detect`, json({ q: 'hola' }))).json()).toEqual(told)
})

test('detect: of a text without letters the model is not asked', async () => {
  const { url, engine } = await testApi()
  expect(await (await fetch(`${url}/detect`, json({ q: '1 + 1 = 2' }))).json()).toEqual([])
  expect(engine.asked).toEqual([])
})

test('languages: each with its name and all as targets', async () => {
  const { url } = await testApi()
  const told = await (await fetch(`${url}/languages`)).json()
  expect(told).toContainEqual({ code: 'es', name: 'Spanish', targets: expect.arrayContaining(['en', 'es', 'fr']) })
})

test.each([
  ['no text', { source: 'es', target: 'en' }, /^q: /],
  ['no source', { q: 'hola', target: 'en' }, /^source: /],
  ['an unknown target', { ...hola, target: 'xx' }, /^target: No such language. Known are: .*es \(Spanish\)/],
  ['HTML', { ...hola, format: 'html' }, /^format: Only plain text/],
  ['alternatives', { ...hola, alternatives: 3 }, /^alternatives: /],
  ['a hundred and one texts', { ...hola, q: Array(101).fill('hola') }, /^q/],
])('%s: an error in the shape of LibreTranslate', async (_, body, message) => {
  const { url } = await testApi()
  const reply = await fetch(`${url}/translate`, json(body))
  expect(reply.status).toBe(400)
  expect(await reply.json()).toEqual({ error: expect.stringMatching(message) })
})

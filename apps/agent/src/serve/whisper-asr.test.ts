import { speechPrompts } from '@tradewind/fleet'
import { ScriptedEngine, scriptedAudio, testApi } from '@tradewind/testkit'
import { expect, test } from 'vitest'

function file(audio: string, name = 'audio_file') {
  const body = new FormData()
  body.append(name, new Blob([audio]), 'clip.mkv')
  return { method: 'POST', body }
}

const engine = () => new ScriptedEngine(() => 'hola\nEnglish: hello')

test.each([
  ['', 'hola English: hello\n'],
  ['?output=txt&task=translate', 'hello\n'],
  ['?output=srt&task=translate&encode=true', '1\n00:00:00,000 --> 00:00:02,000\nhello\n\n'],
  ['?output=vtt&task=translate', 'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nhello\n\n'],
  ['?output=tsv&task=translate', 'start\tend\ttext\n0\t2000\thello\n'],
])('/asr%s', async (query, body) => {
  const { url } = await testApi({ engine: engine() })
  const reply = await fetch(`${url}/asr${query}`, file('speech 2'))
  expect(await reply.text()).toBe(body)
})

test('json: text, segments, language', async () => {
  const { url } = await testApi({ engine: engine() })
  const reply = await fetch(
    `${url}/asr?output=json&language=es&task=translate&word_timestamps=true&vad_filter=false`,
    file('speech 2'),
  )
  expect(await reply.json()).toMatchObject({
    text: 'hello',
    language: 'en',
    segments: [{ id: 0, start: 0, end: 2, text: 'hello' }],
  })
})

test('the language asked for is in the prompt, and so are its words', async () => {
  const { url, engine } = await testApi()
  await fetch(`${url}/asr?language=es&initial_prompt=Zaragoza`, file('speech 2'))
  const text = `${speechPrompts.transcribe('Spanish')}\n\nNames and words that may occur, for their spelling: Zaragoza`
  expect(engine.asked[0]?.turns[0]?.parts).toContainEqual({ is: 'text', text })
})

test('encode=false: raw samples get the head of a wav file', async () => {
  const seen: Uint8Array[] = []
  const decode: typeof scriptedAudio.decode = (bytes, limits) => {
    seen.push(bytes)
    return scriptedAudio.decode(bytes, limits)
  }
  const { url } = await testApi({ audio: { ...scriptedAudio, decode } })
  expect((await fetch(`${url}/asr?encode=false`, file('speech 2'))).status).toBe(200)
  const head = Buffer.from(seen[0] ?? [])
  expect([head.toString('latin1', 0, 4), head.readUInt32LE(24), head.readUInt32LE(40)]).toEqual(['RIFF', 16_000, 8])
})

test.each([
  ['speech 2', 'Spanish', { detected_language: 'spanish', language_code: 'es', confidence: null }],
  ['speech 2', 'hmm', { detected_language: 'unknown', language_code: 'und', confidence: null }],
  ['silence 2', 'Spanish', { detected_language: 'unknown', language_code: 'und', confidence: null }],
])('/detect-language of %s, of which the model says %s', async (audio, answer, told) => {
  const { url } = await testApi({ engine: new ScriptedEngine(() => answer) })
  expect(await (await fetch(`${url}/detect-language?encode=true`, file(audio))).json()).toEqual(told)
})

test.each([
  ['an unknown language', '?language=klingon', file('speech 1'), 'bad-parameter', 'language'],
  ['an unknown output', '?output=docx', file('speech 1'), 'bad-parameter', 'output'],
  ['a file under another name', '', file('speech 1', 'file'), 'file-misnamed', 'file'],
  ['no audio', '', file('Dear Sir'), 'not-audio', 'audio_file'],
])('%s', async (_, query, request, code, param) => {
  const { url } = await testApi()
  const reply = await fetch(`${url}/asr${query}`, request)
  expect(reply.status).toBe(400)
  expect(await reply.json()).toMatchObject({ error: { code, param } })
})

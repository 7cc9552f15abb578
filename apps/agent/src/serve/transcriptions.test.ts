import { speechPrompts } from '@tradewind/fleet'
import { ScriptedEngine, testApi } from '@tradewind/testkit'
import { expect, test } from 'vitest'

/** A form with a file of fake audio. */
function form(audio: string, fields: Record<string, string> = {}, name = 'file') {
  const body = new FormData()
  for (const [field, value] of Object.entries(fields)) body.append(field, value)
  body.append(name, new Blob([audio]), 'clip.wav')
  return { method: 'POST', body }
}

const promptsOf = (engine: ScriptedEngine) =>
  engine.asked.map(({ turns }) => turns[0]?.parts.find((part) => part.is === 'text')?.text)

/** Answers with these, one after the other. */
const answers = (...texts: string[]) => new ScriptedEngine(() => texts.shift() ?? 'more than was scripted')

const twoSegments = () => answers('hola mundo', 'adiós')
const twice = 'speech 2 1.5'

test('json: the text, how long the file is, and which build answered', async () => {
  const { url } = await testApi({ engine: twoSegments() })
  const reply = await fetch(`${url}/v1/audio/transcriptions`, form(twice, { model: 'whisper-1', language: 'es' }))
  expect(reply.status).toBe(200)
  expect(reply.headers.get('x-tradewind-build')).toBe('scripted')
  expect(await reply.json()).toEqual({
    text: 'hola mundo adiós',
    usage: { type: 'duration', seconds: 6 },
    model: 'scripted',
  })
})

test('verbose_json: segments with times; what the model does not tell is null', async () => {
  const { url } = await testApi({ engine: twoSegments() })
  const fields = { response_format: 'verbose_json', language: 'es' }
  const told = await (await fetch(`${url}/v1/audio/transcriptions`, form(twice, fields))).json()
  expect(told).toMatchObject({
    task: 'transcribe',
    language: 'spanish',
    duration: 5.5,
    text: 'hola mundo adiós',
    segments: [
      { id: 0, start: 0, end: 2, text: 'hola mundo', avg_logprob: null, no_speech_prob: null },
      { id: 1, start: 3, end: 4.5, text: 'adiós' },
    ],
  })
  expect(told).not.toHaveProperty('warnings')
})

test.each([
  ['text', 'text/plain; charset=utf-8', 'hola mundo adiós\n'],
  [
    'srt',
    'text/plain; charset=utf-8',
    '1\n00:00:00,000 --> 00:00:02,000\nhola mundo\n\n2\n00:00:03,000 --> 00:00:04,500\nadiós\n\n',
  ],
  [
    'vtt',
    'text/vtt; charset=utf-8',
    'WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nhola mundo\n\n00:00:03.000 --> 00:00:04.500\nadiós\n\n',
  ],
])('%s', async (response_format, type, body) => {
  const { url } = await testApi({ engine: twoSegments() })
  const reply = await fetch(`${url}/v1/audio/transcriptions`, form(twice, { response_format }))
  expect(reply.headers.get('content-type')).toBe(type)
  expect(await reply.text()).toBe(body)
})

test('stream: a delta for each segment, then the whole, then the end', async () => {
  const { url } = await testApi({ engine: twoSegments() })
  const reply = await fetch(`${url}/v1/audio/transcriptions`, form(twice, { stream: 'true' }))
  expect(reply.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  const events = (await reply.text()).trim().split('\n\n')
  expect(events.at(-1)).toBe('data: [DONE]')
  expect(events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)))).toEqual([
    { type: 'transcript.text.delta', delta: 'hola mundo', start: 0, end: 2 },
    { type: 'transcript.text.delta', delta: ' adiós', start: 3, end: 4.5 },
    {
      type: 'transcript.text.done',
      text: 'hola mundo adiós',
      model: 'scripted',
      usage: { type: 'duration', seconds: 6 },
    },
  ])
})

test.each(['json', 'text', 'srt', 'vtt', 'verbose_json'])(
  'nobody speaks: %s is empty, and the engine is not asked',
  async (response_format) => {
    const { url, engine } = await testApi()
    const reply = await fetch(`${url}/v1/audio/transcriptions`, form('silence 3', { response_format }))
    expect(reply.status).toBe(200)
    expect(await reply.text()).not.toMatch(/hola/)
    expect(engine.asked).toEqual([])
  },
)

test('nobody speaks: a stream says so too', async () => {
  const { url } = await testApi()
  const reply = await fetch(`${url}/v1/audio/transcriptions`, form('silence 3', { stream: 'true' }))
  expect(await reply.text()).toMatch(/^data: {"type":"transcript.text.done","text":"",/)
})

test.each([
  ['es', speechPrompts.transcribe('Spanish')],
  ['Spanish', speechPrompts.transcribe('Spanish')],
  ['', speechPrompts.transcribeAnyLanguage],
])('language %j', async (language, prompt) => {
  const { url, engine } = await testApi()
  await fetch(`${url}/v1/audio/transcriptions`, form('speech 1', { language }))
  expect(promptsOf(engine)).toEqual([prompt])
})

test('word times are answered with those of segments, and a warning', async () => {
  const { url } = await testApi()
  const fields = { response_format: 'verbose_json', 'timestamp_granularities[]': 'word' }
  const told = await (await fetch(`${url}/v1/audio/transcriptions`, form('speech 1', fields))).json()
  expect(told).toMatchObject({ warnings: [{ code: 'no-word-times' }], segments: [{ start: 0, end: 1 }] })
})

test('a segment that the model repeats itself in is marked, and warned of', async () => {
  const loop = 'hola '.repeat(30)
  const { url } = await testApi({ engine: answers(loop, loop) })
  const told = await (
    await fetch(`${url}/v1/audio/transcriptions`, form('speech 1', { response_format: 'verbose_json' }))
  ).json()
  expect(told).toMatchObject({ text: 'hola', warnings: [{ code: 'repeated' }], segments: [{ repeated: true }] })
})

test('segments that overlap are joined without repeats', async () => {
  const { url } = await testApi({ engine: answers('uno dos', 'dos tres') })
  const told = await (await fetch(`${url}/v1/audio/transcriptions`, form('overlap 3 3'))).json()
  expect(told).toMatchObject({ text: 'uno dos tres' })
})

test.each([
  ['into English unless told otherwise', {}, speechPrompts.translate('its original language', 'English'), 'english'],
  [
    'into another language',
    { language: 'es', target_language: 'fr' },
    speechPrompts.translate('Spanish', 'French'),
    'french',
  ],
])('translations go %s', async (_, fields, prompt, language) => {
  const { url, engine } = await testApi({ engine: answers('hola\nEnglish: hello\nFrench: bonjour') })
  const reply = await fetch(
    `${url}/v1/audio/translations`,
    form('speech 1', { response_format: 'verbose_json', ...fields }),
  )
  const told = await reply.json()
  expect(promptsOf(engine)).toEqual([prompt])
  expect(told).toMatchObject({ task: 'translate', language, transcript: expect.stringMatching(/^hola/) })
})

const refusals: [string, string, RequestInit, number, string, string | null][] = [
  ['text in the audio field', 'transcriptions', form('Dear Sir or Madam'), 400, 'not-audio', 'file'],
  ['an empty file', 'transcriptions', form(''), 400, 'audio-empty', 'file'],
  ['hours', 'transcriptions', form('silence 9999'), 413, 'audio-too-long', 'file'],
  ['a file under another name', 'transcriptions', form('speech 1', {}, 'audio'), 400, 'file-misnamed', 'audio'],
  [
    'an unknown language',
    'transcriptions',
    form('speech 1', { language: 'klingon' }),
    400,
    'bad-parameter',
    'language',
  ],
  [
    'an unknown target',
    'translations',
    form('speech 1', { target_language: 'xx' }),
    400,
    'bad-parameter',
    'target_language',
  ],
  ['no target', 'translations', form('speech 1', { target_language: '' }), 400, 'bad-parameter', 'target_language'],
  [
    'a target at the wrong path',
    'transcriptions',
    form('speech 1', { target_language: 'fr' }),
    400,
    'bad-parameter',
    'target_language',
  ],
  [
    'an unknown format',
    'transcriptions',
    form('speech 1', { response_format: 'docx' }),
    400,
    'bad-parameter',
    'response_format',
  ],
  [
    'a wild temperature',
    'transcriptions',
    form('speech 1', { temperature: 'hot' }),
    400,
    'bad-parameter',
    'temperature',
  ],
  [
    'a stream of srt',
    'transcriptions',
    form('speech 1', { stream: 'true', response_format: 'srt' }),
    400,
    'no-stream',
    'stream',
  ],
  [
    'log probabilities',
    'transcriptions',
    form('speech 1', { 'include[]': 'logprobs' }),
    400,
    'bad-parameter',
    'include',
  ],
  [
    'a giant field',
    'transcriptions',
    form('speech 1', { prompt: 'x'.repeat(20_000) }),
    413,
    'field-too-large',
    'prompt',
  ],
]

test.each(refusals)('%s', async (_, path, request, status, code, param) => {
  const { url, engine } = await testApi()
  const reply = await fetch(`${url}/v1/audio/${path}`, request)
  expect(reply.status).toBe(status)
  const error = { code, param, type: 'invalid_request_error', message: expect.stringMatching(/^.{10}/) }
  expect(await reply.json()).toEqual({ error })
  expect(engine.asked).toEqual([])
})

test('an unknown language is answered with those that are known', async () => {
  const { url } = await testApi()
  const reply = await fetch(`${url}/v1/audio/transcriptions`, form('speech 1', { language: 'klingon' }))
  expect(await reply.text()).toMatch(/en \(English\), es \(Spanish\)/)
})

test('a build that does not hear says so before the file is looked at', async () => {
  const { url } = await testApi({ engine: new ScriptedEngine(undefined, { hears: false }) })
  const reply = await fetch(`${url}/v1/audio/transcriptions`, form('speech 1'))
  expect(reply.status).toBe(400)
  expect(await reply.json()).toMatchObject({ error: { code: 'unsupported', param: 'file' } })
})

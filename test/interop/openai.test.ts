import { ScriptedEngine, testApi } from '@tradewind/testkit'
import OpenAI, { APIError, toFile } from 'openai'
import { expect, test } from 'vitest'

/** The official client as its users open it, against a device. */
async function opened(engine = new ScriptedEngine(() => 'hola\nEnglish: hello'), config = {}) {
  const device = await testApi({ engine, config })
  return { ...device, client: new OpenAI({ baseURL: `${device.url}/v1`, apiKey: 'any', maxRetries: 2 }) }
}

const clip = (audio = 'speech 2 1') => toFile(Buffer.from(audio), 'clip.wav')
const model = 'whisper-1'

test('transcription as json, text, srt and vtt', async () => {
  const { client } = await opened(new ScriptedEngine(() => 'hola'))
  const file = await clip()
  const { transcriptions } = client.audio
  expect((await transcriptions.create({ file, model })).text).toBe('hola hola')
  expect(await transcriptions.create({ file, model, response_format: 'text' })).toBe('hola hola\n')
  expect(await transcriptions.create({ file, model, response_format: 'srt' })).toMatch(/^1\n00:00:00,000 --> /)
  expect(await transcriptions.create({ file, model, response_format: 'vtt' })).toMatch(/^WEBVTT\n/)
})

test('transcription as verbose_json, with word times asked for', async () => {
  const { client } = await opened(new ScriptedEngine(() => 'hola'))
  const told = await client.audio.transcriptions.create({
    file: await clip(),
    model,
    language: 'es',
    response_format: 'verbose_json',
    timestamp_granularities: ['word', 'segment'],
  })
  expect(told).toMatchObject({ language: 'spanish', duration: 5, warnings: [{ code: 'no-word-times' }] })
  expect(told.segments?.map(({ start, end, text }) => [start, end, text])).toEqual([
    [0, 2, 'hola'],
    [3, 4, 'hola'],
  ])
})

test('transcription as a stream', async () => {
  const { client } = await opened(new ScriptedEngine(() => 'hola'))
  const stream = await client.audio.transcriptions.create({ file: await clip(), model, stream: true })
  const events = []
  for await (const event of stream) events.push(event)
  expect(events).toMatchObject([
    { type: 'transcript.text.delta', delta: 'hola' },
    { type: 'transcript.text.delta', delta: ' hola' },
    { type: 'transcript.text.done', text: 'hola hola' },
  ])
})

test('translation', async () => {
  const { client } = await opened()
  const { translations } = client.audio
  expect((await translations.create({ file: await clip('speech 1'), model })).text).toBe('hello')
  const told = await translations.create({ file: await clip('speech 1'), model, response_format: 'verbose_json' })
  expect(told).toMatchObject({ text: 'hello', language: 'english' })
})

const messages = [{ role: 'user' as const, content: 'Hello' }]

test('chat in one piece, and as a stream with usage', async () => {
  const { client } = await opened(new ScriptedEngine(() => ['Hi', ' there']))
  const whole = await client.chat.completions.create({ model: 'gpt-4o', messages })
  expect(whole.choices[0]?.message.content).toBe('Hi there')
  expect(whole.model).toBe('scripted')

  const stream = client.chat.completions.stream({
    model: 'gpt-4o',
    messages,
    stream_options: { include_usage: true },
  })
  const deltas: string[] = []
  stream.on('content', (delta) => void deltas.push(delta))
  const final = await stream.finalChatCompletion()
  expect(deltas.filter((delta) => delta !== '')).toEqual(['Hi', ' there'])
  expect(final.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 2 })
})

test('chat with sound', async () => {
  const { client, engine } = await opened()
  const data = Buffer.from('speech 2').toString('base64')
  await client.chat.completions.create({
    model: 'gpt-4o-audio-preview',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is said?' },
          { type: 'input_audio', input_audio: { data, format: 'wav' } },
        ],
      },
    ],
  })
  expect(engine.asked[0]?.turns[0]?.parts.map(({ is }) => is)).toEqual(['sound', 'text'])
})

test('chat bound to a schema, parsed by the client', async () => {
  const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] }
  const { client, engine } = await opened(new ScriptedEngine(() => '{"name":"Ana"}'))
  const told = await client.chat.completions.parse({
    model: 'gpt-4o',
    messages,
    response_format: { type: 'json_schema', json_schema: { name: 'person', schema, strict: true } },
  })
  expect(told.choices[0]?.message.parsed).toEqual({ name: 'Ana' })
  expect(engine.asked[0]?.schema).toEqual(schema)
})

test('models', async () => {
  const { client } = await opened()
  const ids = []
  for await (const { id } of client.models.list()) ids.push(id)
  expect(ids).toEqual(['scripted'])
  expect(await client.models.retrieve('scripted')).toMatchObject({ object: 'model' })
  await expect(client.models.retrieve('gpt-4o')).rejects.toBeInstanceOf(OpenAI.NotFoundError)
})

test('errors are the client’s own, with code and parameter', async () => {
  const { client } = await opened()
  const file = await clip('Dear Sir')
  await expect(client.audio.transcriptions.create({ file, model })).rejects.toMatchObject({
    status: 400,
    code: 'not-audio',
    param: 'file',
    type: 'invalid_request_error',
  })
  await expect(client.chat.completions.create({ model, messages, n: 2 })).rejects.toBeInstanceOf(OpenAI.BadRequestError)
})

test('a wrong key is the client’s AuthenticationError', async () => {
  const { client } = await opened(undefined, { keys: ['a key of this device'] })
  await expect(client.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
})

test('an error in the middle of a stream is thrown by the client', async () => {
  const error = new Error('as scripted')
  const { client } = await opened(new ScriptedEngine(() => ({ pieces: ['Hi'], error })))
  const stream = await client.chat.completions.create({ model, messages, stream: true })
  const read = async () => {
    for await (const _ of stream);
  }
  await expect(read()).rejects.toBeInstanceOf(APIError)
})

test('while the engine loads, the client waits as told and tries again by itself', async () => {
  const { client, engine, wall } = await opened(new ScriptedEngine(() => 'Hi'))
  const ready = engine.state
  const since = wall.now()
  const failure = { code: 'killed-by-signal' as const, detail: { signal: 'SIGKILL' } }
  engine.become({ is: 'failed', build: 'scripted', since, failure, retryAt: since + 900 })
  const reply = client.chat.completions.create({ model, messages }).withResponse()
  setTimeout(() => engine.become(ready), 200)
  expect((await reply).data.choices[0]?.message.content).toBe('Hi')
})

test('a full line: the client comes back by itself, and is served', async () => {
  const { client, engine } = await opened(new ScriptedEngine(() => 'Hi'), { mostWaiting: 0 })
  engine.hold()
  const first = client.chat.completions.create({ model, messages })
  while (engine.running === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  const second = client.chat.completions.create({ model, messages })
  const impatient = client.chat.completions.create({ model, messages }, { maxRetries: 0 })
  await expect(impatient).rejects.toMatchObject({ status: 429, code: 'queue-full' })
  engine.letGo()
  expect((await first).choices[0]?.message.content).toBe('Hi')
  expect((await second).choices[0]?.message.content).toBe('Hi')
})

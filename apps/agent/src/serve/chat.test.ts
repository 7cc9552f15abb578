import { ScriptedEngine, testApi } from '@tradewind/testkit'
import { expect, test } from 'vitest'
import { EngineError } from '../engine/engine'

const json = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const hello = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] }
const asked = (more: object) => json({ ...hello, ...more })
const sound = (audio: string, format = 'wav') => ({
  type: 'input_audio',
  input_audio: { data: Buffer.from(audio).toString('base64'), format },
})
const user = (...content: object[]) => asked({ messages: [{ role: 'user', content }] })

const eventsOf = async (reply: Response) => {
  const events = (await reply.text()).trim().split('\n\n')
  return events.map((event) => (event === 'data: [DONE]' ? 'DONE' : JSON.parse(event.slice('data: '.length))))
}

test('an answer in one piece, by Google’s sampling unless told otherwise', async () => {
  const { url, engine } = await testApi({ engine: new ScriptedEngine(() => ['Hi', ' there']) })
  const reply = await fetch(`${url}/v1/chat/completions`, json(hello))
  expect(reply.headers.get('x-tradewind-build')).toBe('scripted')
  expect(await reply.json()).toMatchObject({
    object: 'chat.completion',
    model: 'scripted',
    choices: [{ index: 0, message: { role: 'assistant', content: 'Hi there' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
  })
  expect(engine.asked).toMatchObject([{ mostTokens: 4096, temperature: 1, topP: 0.95, topK: 64 }])
})

test('every setting reaches the engine', async () => {
  const { url, engine } = await testApi()
  const settings = { max_tokens: 7, temperature: 0, top_p: 0.5, top_k: 3, seed: 4, stop: 'END' }
  await fetch(`${url}/v1/chat/completions`, asked(settings))
  expect(engine.asked).toMatchObject([{ mostTokens: 7, temperature: 0, topP: 0.5, topK: 3, seed: 4, stop: ['END'] }])
})

test('nobody gets more tokens than the limit', async () => {
  const { url, engine } = await testApi({ config: { mostTokens: 100 } })
  await fetch(`${url}/v1/chat/completions`, asked({ max_completion_tokens: 100_000 }))
  expect(engine.asked).toMatchObject([{ mostTokens: 100 }])
})

test('turns keep their order; developer is system', async () => {
  const { url, engine } = await testApi()
  const messages = [
    { role: 'system', content: 'Be kind.' },
    { role: 'developer', content: [{ type: 'text', text: 'Be brief.' }] },
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'Hi' },
    { role: 'user', content: 'Bye' },
  ]
  await fetch(`${url}/v1/chat/completions`, asked({ messages }))
  expect(engine.asked[0]?.turns.map(({ role }) => role)).toEqual(['system', 'system', 'user', 'assistant', 'user'])
})

test('sound goes before the text of its turn', async () => {
  const { url, engine } = await testApi()
  await fetch(`${url}/v1/chat/completions`, user({ type: 'text', text: 'What is said?' }, sound('speech 2')))
  expect(engine.asked[0]?.turns[0]?.parts.map(({ is }) => is)).toEqual(['sound', 'text'])
})

test('a stream: the role, each piece as it came, how it ended, the end', async () => {
  const { url } = await testApi({
    engine: new ScriptedEngine(() => ({ pieces: ['Hi', ' "you"\n'], finish: 'length' })),
  })
  const events = await eventsOf(await fetch(`${url}/v1/chat/completions`, asked({ stream: true })))
  expect(events.at(-1)).toBe('DONE')
  const chunks = events.slice(0, -1)
  expect(chunks.map(({ choices }) => [choices[0].delta, choices[0].finish_reason])).toEqual([
    [{ role: 'assistant', content: '' }, null],
    [{ content: 'Hi' }, null],
    [{ content: ' "you"\n' }, null],
    [{}, 'length'],
  ])
  expect(new Set(chunks.map(({ id, object, model }) => `${id} ${object} ${model}`)).size).toBe(1)
  expect(chunks[0]).not.toHaveProperty('usage')
})

test('a stream with usage tells it in one more chunk', async () => {
  const { url } = await testApi()
  const events = await eventsOf(
    await fetch(`${url}/v1/chat/completions`, asked({ stream: true, stream_options: { include_usage: true } })),
  )
  expect(events.at(-2)).toMatchObject({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 1 } })
  expect(events[0].usage).toBeNull()
})

test('pieces are not kept back: the first is there while the second is not made yet', async () => {
  const { url, engine } = await testApi({ engine: new ScriptedEngine(() => ['one', 'two']) })
  engine.hold(1)
  const reply = await fetch(`${url}/v1/chat/completions`, asked({ stream: true }))
  let seen = ''
  for await (const text of reply.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    seen += text
    if (seen.includes('"one"')) engine.letGo()
    else expect(seen).not.toContain('"two"')
  }
  expect(seen).toContain('"two"')
})

test.each([
  ['json_object', { type: 'json_object' }, { type: 'object' }],
  [
    'json_schema',
    {
      type: 'json_schema',
      json_schema: { name: 'a', schema: { type: 'object', properties: { b: { type: 'string' } } } },
    },
    { type: 'object', properties: { b: { type: 'string' } } },
  ],
  ['text', { type: 'text' }, undefined],
])('response_format %s', async (_, response_format, schema) => {
  const { url, engine } = await testApi()
  await fetch(`${url}/v1/chat/completions`, asked({ response_format }))
  expect(engine.asked[0]?.schema).toEqual(schema)
})

const tooLong = { type: 'json_schema', json_schema: { name: 'a', schema: { description: 'x'.repeat(40_000) } } }

test.each([
  ['tools', asked({ tools: [{ type: 'function', function: { name: 'f' } }] }), 400, 'bad-parameter', 'tools'],
  ['two answers', asked({ n: 2 }), 400, 'bad-parameter', 'n'],
  ['log probabilities', asked({ logprobs: true }), 400, 'bad-parameter', 'logprobs'],
  ['penalties', asked({ presence_penalty: 1 }), 400, 'bad-parameter', 'presence_penalty'],
  ['speech as the answer', asked({ modalities: ['text', 'audio'] }), 400, 'bad-parameter', 'modalities'],
  ['thinking', asked({ reasoning_effort: 'high' }), 400, 'bad-parameter', 'reasoning_effort'],
  ['a picture', user({ type: 'image_url', image_url: { url: 'x' } }), 400, 'bad-parameter', 'messages[0].content'],
  ['a tool’s message', asked({ messages: [{ role: 'tool', content: 'x' }] }), 400, 'bad-parameter', 'messages[0].role'],
  ['no messages', asked({ messages: [] }), 400, 'bad-parameter', 'messages'],
  ['no body', json(null), 400, 'bad-parameter', null],
  ['broken JSON', { ...json({}), body: '{"messages": [' }, 400, 'json-broken', null],
  ['a form', { method: 'POST', body: new FormData() }, 415, 'not-json', null],
  [
    'lying base64',
    user({ type: 'input_audio', input_audio: { data: '<html>', format: 'wav' } }),
    400,
    'base64-broken',
    'messages[0].content[0].input_audio.data',
  ],
  [
    'base64 of what is no sound',
    user(sound('Dear Sir', 'mp3')),
    400,
    'not-audio',
    'messages[0].content[0].input_audio',
  ],
  [
    'more sound than it hears at once',
    user(sound('speech 31')),
    413,
    'audio-too-long',
    'messages[0].content[0].input_audio',
  ],
  ['a giant schema', asked({ response_format: tooLong }), 400, 'schema-too-large', 'response_format'],
])('%s', async (_, request, status, code, param) => {
  const { url, engine } = await testApi()
  const reply = await fetch(`${url}/v1/chat/completions`, request)
  expect(reply.status).toBe(status)
  expect(await reply.json()).toMatchObject({ error: { code, param } })
  expect(engine.asked).toEqual([])
})

test.each([
  ['sound', { hears: false }, user(sound('speech 1')), 'messages[0].content[0].input_audio'],
  ['a schema', { schema: false }, asked({ response_format: { type: 'json_object' } }), 'response_format'],
])('%s, of a build or engine that cannot', async (_, capabilities, request, param) => {
  const { url } = await testApi({ engine: new ScriptedEngine(undefined, capabilities) })
  const reply = await fetch(`${url}/v1/chat/completions`, request)
  expect(reply.status).toBe(400)
  expect(await reply.json()).toMatchObject({ error: { code: 'unsupported', param } })
})

test.each([
  ['context-full', 400, 'context_length_exceeded'],
  ['unsupported', 400, 'unsupported'],
  ['bad-request', 400, 'engine-refused'],
  ['engine-lost', 503, 'engine-lost'],
  ['out-of-memory', 503, 'out-of-memory'],
] as const)('the engine fails before its first piece: %s', async (code, status, told) => {
  const error = new EngineError(code, 'as scripted')
  const { url } = await testApi({ engine: new ScriptedEngine(() => ({ pieces: [], error })) })
  for (const stream of [false, true]) {
    const reply = await fetch(`${url}/v1/chat/completions`, asked({ stream }))
    expect(reply.status).toBe(status)
    expect(await reply.json()).toMatchObject({ error: { code: told } })
    expect(reply.headers.has('retry-after')).toBe(status === 503)
  }
})

test('the engine is lost in the middle of a stream: the last event says so', async () => {
  const error = new EngineError('engine-lost', 'as scripted')
  const { url } = await testApi({ engine: new ScriptedEngine(() => ({ pieces: ['Hi'], error })) })
  const events = await eventsOf(await fetch(`${url}/v1/chat/completions`, asked({ stream: true })))
  expect(events.at(-1)).toMatchObject({ error: { code: 'engine-lost', type: 'server_error' } })
})

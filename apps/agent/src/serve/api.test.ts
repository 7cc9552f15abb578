import { once } from 'node:events'
import { connect } from 'node:net'
import { eventually, ScriptedEngine, scriptedAudio, testApi } from '@tradewind/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EngineState } from '../engine/engine'
import { startApi } from './api'

const key = 'a key of this device'
const since = Date.parse('2026-11-24T08:00:00Z')

function speech(audio = 'speech 1', headers: Record<string, string> = {}) {
  const body = new FormData()
  body.append('file', new Blob([audio]), 'clip.wav')
  return { method: 'POST', body, headers }
}

const chat = (more: object = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ messages: [{ role: 'user', content: 'the secret of the speaker' }], ...more }),
})

/** Sends raw bytes; `until` waits for a text in what comes back. */
async function rawConnection(port: number, sent: string) {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.on('data', (chunk) => (received += chunk)).on('error', () => {})
  await once(socket, 'connect')
  await new Promise((resolve) => socket.write(sent, resolve))
  return { socket, until: (text: string) => eventually(text, () => received.includes(text)) }
}

const uploadHead = (length: number) =>
  `POST /v1/audio/transcriptions HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: ${length}\r\n\r\n`
const partHead = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'

test.each([
  ['without a key', {}, 401],
  ['with a wrong one', { authorization: 'Bearer wrong' }, 401],
  ['with the right one', { authorization: `Bearer ${key}` }, 200],
])('an API with a key, asked %s', async (_, headers, code) => {
  const { url, engine } = await testApi({ config: { keys: ['another key, just as good', key] } })
  expect((await fetch(`${url}/v1/models`, { headers })).status).toBe(code)
  const reply = await fetch(`${url}/v1/audio/transcriptions`, speech('speech 1', headers))
  expect(reply.status).toBe(code)
  expect(engine.asked).toHaveLength(code === 200 ? 1 : 0)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})

test('LibreTranslate’s clients may send the key in the body', async () => {
  const { url } = await testApi({ config: { keys: [key] } })
  const ask = (api_key?: string) => {
    const body = new URLSearchParams({ q: 'hola', source: 'es', target: 'en', ...(api_key && { api_key }) })
    return fetch(`${url}/translate`, { method: 'POST', body })
  }
  expect([(await ask()).status, (await ask('wrong')).status, (await ask(key)).status]).toEqual([401, 401, 200])
})

test.each(['0.0.0.0', '::', '192.168.1.10', 'device.lan'])('%s without a key is not listened on', async (host) => {
  const clock = { now: Date.now, uptimeMs: () => 0 }
  const parts = { engine: new ScriptedEngine(), audio: scriptedAudio, clock, log: {} as never }
  await expect(startApi({ ...parts, config: { host, port: 0 } })).rejects.toThrow(/needs a key/)
})

test.each([
  ['a page from elsewhere', { origin: 'https://evil.example' }, 403],
  ['a page from this machine', { origin: 'http://localhost:7080' }, 200],
  ['a page of no origin', { origin: 'null' }, 403],
])('without a key, %s gets %s', async (_, headers, code) => {
  const { url } = await testApi()
  expect((await fetch(`${url}/v1/models`, { headers })).status).toBe(code)
})

test('without a key, a foreign name for the loopback is refused', async () => {
  const { port } = await testApi()
  const { until } = await rawConnection(port, 'GET /v1/models HTTP/1.1\r\nhost: evil.example\r\n\r\n')
  await until('403 Forbidden')
})

const failure = { code: 'out-of-memory' as const, detail: {} }
const unready: [EngineState, string, string][] = [
  [{ is: 'cold' }, 'engine-cold', '60'],
  [{ is: 'loading', build: 'e2b', since }, 'engine-loading', '5'],
  [{ is: 'draining', build: 'e2b', since }, 'engine-draining', '5'],
  [{ is: 'failed', build: 'e2b', since, failure, retryAt: since + 12_000 }, 'engine-failed', '12'],
  [{ is: 'failed', build: 'e2b', since, failure, retryAt: null }, 'engine-failed', '60'],
]

test.each(unready)('while the engine is %o nothing is answered but when to ask again', async (state, code, seconds) => {
  const { url, engine } = await testApi()
  engine.become(state)
  for (const [path, request] of [
    ['/v1/audio/transcriptions', speech()],
    ['/v1/chat/completions', chat()],
  ] as const) {
    const reply = await fetch(url + path, request)
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([503, seconds])
    expect(await reply.json()).toMatchObject({ error: { code, type: 'server_error' } })
  }
  const health = await fetch(`${url}/healthz`)
  expect([health.status, health.headers.get('retry-after')]).toEqual([503, seconds])
  expect(await health.json()).toMatchObject({ engine: state.is })
  expect(await (await fetch(`${url}/v1/models`)).json()).toEqual({ object: 'list', data: [] })
})

test('models: the build that serves here, and what it can', async () => {
  const { url } = await testApi()
  const told = await (await fetch(`${url}/v1/models`)).json()
  expect(told).toMatchObject({ data: [{ id: 'scripted', object: 'model', hears: true, context_tokens: 4096 }] })
  expect((await fetch(`${url}/v1/models/scripted`)).status).toBe(200)
  expect((await fetch(`${url}/v1/models/whisper-1`)).status).toBe(404)
  expect((await fetch(`${url}/v1/models/%zz`)).status).toBe(404)
})

test('a full line: 429 with when to come back, before the body is read', async () => {
  const { url, engine } = await testApi({ config: { mostWaiting: 1 } })
  engine.hold()
  const served = [fetch(`${url}/v1/chat/completions`, chat()), fetch(`${url}/v1/chat/completions`, chat())]
  const waiting = async () => (await fetch(`${url}/metrics`)).text()
  await eventually('metrics', async () => /^tradewind_api_waiting 1$/m.test(await waiting()))
  const reply = await fetch(`${url}/v1/audio/transcriptions`, speech())
  expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '5'])
  expect(await reply.json()).toMatchObject({ error: { code: 'queue-full', type: 'rate_limit_error' } })
  engine.letGo()
  expect((await Promise.all(served)).map(({ status }) => status)).toEqual([200, 200])
  expect(engine.mostRunning).toBe(1)
})

test.each([1, 4])('no more than the %d slots of the engine are used', async (slots) => {
  const { url, engine } = await testApi({ engine: new ScriptedEngine(undefined, { slots }) })
  const replies = await Promise.all(Array.from({ length: 12 }, () => fetch(`${url}/v1/chat/completions`, chat())))
  expect(replies.map(({ status }) => status)).toEqual(Array(12).fill(200))
  expect(engine.mostRunning).toBeLessThanOrEqual(slots)
})

test('a long file does not keep another client’s question waiting', async () => {
  const { url, engine } = await testApi({
    engine: new ScriptedEngine(() => 'hola'),
    config: { keys: [key, `${key}, too`] },
  })
  engine.hold()
  const file = fetch(`${url}/v1/audio/transcriptions`, speech('speech 1 1 1 1 1', { authorization: `Bearer ${key}` }))
  await eventually('asked', () => engine.asked.length === 1)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}, too` }
  const question = fetch(`${url}/v1/chat/completions`, { ...chat(), headers })
  const waiting = async () => (await fetch(`${url}/metrics`, { headers })).text()
  await eventually('metrics', async () => /^tradewind_api_waiting 1$/m.test(await waiting()))
  engine.letGo()
  await Promise.all([file, question])
  const hears = engine.asked.map(({ turns }) => turns[0]?.parts[0]?.is === 'sound')
  expect(hears).toEqual([true, false, true, true, true, true])
})

test('a client that goes away in the middle of a stream frees its slot at once', async () => {
  const { url, engine } = await testApi({ engine: new ScriptedEngine(() => ['one', 'two']) })
  engine.hold(1)
  const gone = new AbortController()
  const reply = await fetch(`${url}/v1/chat/completions`, { ...chat({ stream: true }), signal: gone.signal })
  expect(reply.status).toBe(200)
  gone.abort()
  await eventually('a free slot', () => engine.running === 0 && engine.cut === 1)
  engine.letGo()
  expect((await fetch(`${url}/v1/chat/completions`, chat())).status).toBe(200)
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/endpoint="\/v1\/chat\/completions",code="499"} 1/)
})

test('a client that goes away while it waits is never served', async () => {
  const { url, engine } = await testApi()
  engine.hold()
  const first = fetch(`${url}/v1/chat/completions`, chat())
  await eventually('asked', () => engine.asked.length === 1)
  const gone = new AbortController()
  const second = fetch(`${url}/v1/chat/completions`, { ...chat(), signal: gone.signal }).catch(() => 'gone')
  const waiting = async () => (await fetch(`${url}/metrics`)).text()
  await eventually('metrics', async () => /^tradewind_api_waiting 1$/m.test(await waiting()))
  gone.abort()
  expect(await second).toBe('gone')
  await eventually('metrics', async () => /^tradewind_api_waiting 0$/m.test(await waiting()))
  engine.letGo()
  expect((await first).status).toBe(200)
  expect(engine.asked).toHaveLength(1)
})

test('a client that goes away in the middle of its upload leaves nothing behind', async () => {
  const { url, port, engine } = await testApi({ config: { mostWaiting: 0, mostBytes: 1000, mostBytesAtOnce: 1000 } })
  const counted = async () => (await fetch(`${url}/metrics`)).text()
  for (const times of [1, 2, 3]) {
    const { socket } = await rawConnection(port, `${uploadHead(900)}${partHead}${'x'.repeat(500)}`)
    socket.destroy()
    await eventually('it is noticed', async () => (await counted()).includes(`transcriptions",code="499"} ${times}\n`))
  }
  expect((await fetch(`${url}/v1/audio/transcriptions`, speech())).status).toBe(200)
  expect(engine.asked).toHaveLength(1)
})

test('an upload that stalls is given up', async () => {
  const { port } = await testApi({ config: { idleMs: 50 } })
  const { until, socket } = await rawConnection(port, `${uploadHead(900)}${partHead}`)
  await until('408 Request Timeout')
  await until('upload-stalled')
  await eventually('the connection ends', () => socket.closed)
})

test('a client that reads nothing is given up, and its slot is free', async () => {
  const flood = Array.from({ length: 2000 }, () => 'x'.repeat(16_384))
  const { port, engine } = await testApi({ engine: new ScriptedEngine(() => flood), config: { idleMs: 50 } })
  const { body } = chat({ stream: true })
  const { socket } = await rawConnection(
    port,
    `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  socket.pause()
  await eventually('a free slot', () => engine.running === 0 && engine.cut === 1)
})

const form = (body: string, type = 'multipart/form-data; boundary=b') => ({
  method: 'POST',
  headers: { 'content-type': type },
  body,
})
test.each([
  ['no form', form('speech 1', 'audio/wav'), 415, 'not-a-form'],
  ['a form without a boundary', form('x', 'multipart/form-data'), 400, 'form-broken'],
  ['a form that is none', form('Dear Sir'), 400, 'form-broken'],
  ['a form that breaks off', form(`${partHead}speech 1`), 400, 'form-broken'],
  ['no file', form('--b\r\ncontent-disposition: form-data; name="model"\r\n\r\nx\r\n--b--\r\n'), 400, 'file-missing'],
  [
    'the file as text',
    form('--b\r\ncontent-disposition: form-data; name="file"\r\n\r\nspeech 1\r\n--b--\r\n'),
    400,
    'file-missing',
  ],
  ['two files', form(`${partHead}speech 1\r\n${partHead}speech 1\r\n--b--\r\n`), 400, 'files-many'],
  [
    'too many fields',
    form(`${'--b\r\ncontent-disposition: form-data; name="a"\r\n\r\nx\r\n'.repeat(60)}--b--\r\n`),
    400,
    'fields-many',
  ],
])('%s', async (_, request, status, code) => {
  const { url } = await testApi()
  const reply = await fetch(`${url}/v1/audio/transcriptions`, request)
  expect(await reply.json()).toMatchObject({ error: { code } })
  expect(reply.status).toBe(status)
})

const noise = fc.array(
  fc.oneof(
    fc.constantFrom(
      '--b',
      '--b--',
      '\r\n',
      '\r\n\r\n',
      partHead,
      'speech 1',
      'content-disposition: form-data; name="file"',
    ),
    fc.string({ unit: 'binary' }),
  ),
  { maxLength: 12 },
)
test('whatever is sent, the answer is a clear one and the device goes on', async () => {
  const { url } = await testApi()
  const types = fc.constantFrom(
    'multipart/form-data; boundary=b',
    'application/json',
    'x',
    'multipart/form-data; boundary=""',
  )
  const paths = fc.constantFrom('/v1/audio/transcriptions', '/v1/chat/completions', '/translate', '/asr')
  await fc.assert(
    fc.asyncProperty(noise, types, paths, async (pieces, type, path) => {
      const reply = await fetch(url + path, form(pieces.join(''), type))
      expect([200, 400, 413, 415]).toContain(reply.status)
      await reply.text()
    }),
  )
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
})

test('a body beyond the limit: 413, whether it says so or not', async () => {
  const { url, port } = await testApi({ config: { mostBytes: 1000 } })
  const said = await fetch(`${url}/v1/chat/completions`, chat({ user: 'x'.repeat(2000) }))
  expect(said.status).toBe(413)
  const chunk = `800\r\n${'x'.repeat(2048)}\r\n`
  const { until } = await rawConnection(
    port,
    `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`,
  )
  await until('413 Payload Too Large')
})

test('more uploads at once than fit are refused for now', async () => {
  const { url, port } = await testApi({ config: { mostBytes: 2000, mostBytesAtOnce: 3000 } })
  const { socket } = await rawConnection(port, `${uploadHead(1900)}${partHead}${'x'.repeat(1500)}`)
  await eventually('a refusal', async () => {
    const reply = await fetch(`${url}/v1/audio/transcriptions`, speech('x'.repeat(1900)))
    return (await reply.text()).includes('"uploads-full"')
  })
  socket.destroy()
})

test.each([
  ['GET', '/v1/audio/transcriptions', 405, 'POST'],
  ['PUT', '/v1/models', 405, 'GET'],
  ['GET', '/v1/audio/speech', 404, null],
  ['GET', '//', 404, null],
])('%s %s', async (method, path, status, allow) => {
  const { url } = await testApi()
  const reply = await fetch(url + path, { method })
  expect([reply.status, reply.headers.get('allow')]).toEqual([status, allow])
  expect(await reply.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
})

test('metrics: requests, errors, tokens, sound and the state of the engine', async () => {
  const { url } = await testApi()
  await fetch(`${url}/v1/audio/transcriptions`, speech('speech 2'))
  await fetch(`${url}/v1/audio/transcriptions`, speech('Dear Sir'))
  const told = await (await fetch(`${url}/metrics`)).text()
  for (const line of [
    'tradewind_api_requests_total{endpoint="/v1/audio/transcriptions",code="200"} 1',
    'tradewind_api_requests_total{endpoint="/v1/audio/transcriptions",code="400"} 1',
    'tradewind_api_errors_total{code="not-audio"} 1',
    'tradewind_generated_tokens_total 1',
    'tradewind_tokens_per_second 10',
    'tradewind_audio_seconds_total 3',
    'tradewind_engine_state{state="ready"} 1',
    'tradewind_engine_state{state="failed"} 0',
  ])
    expect(told.split('\n')).toContain(line)
  expect(told).toMatch(/^tradewind_real_time_factor /m)
})

test('the OpenAPI document has every path, with what it takes', async () => {
  const { url } = await testApi()
  const told = await (await fetch(`${url}/openapi.json`)).json()
  expect(told).toMatchObject({
    openapi: '3.1.0',
    paths: {
      '/v1/audio/transcriptions': {
        post: { requestBody: { content: { 'multipart/form-data': { schema: { required: ['file'] } } } } },
      },
      '/v1/chat/completions': {
        post: { requestBody: { content: { 'application/json': { schema: { required: ['messages'] } } } } },
      },
      '/asr': {
        post: { parameters: expect.arrayContaining([expect.objectContaining({ name: 'task', in: 'query' })]) },
      },
    },
  })
})

test('neither what is said nor what is answered is ever logged', async () => {
  const engine = new ScriptedEngine(() => 'the secret of the model')
  const { url, logged } = await testApi({ engine })
  await fetch(`${url}/v1/audio/transcriptions?note=secret`, speech('speech 2'))
  await fetch(`${url}/v1/audio/transcriptions`, speech('a secret that is no audio'))
  await fetch(`${url}/v1/chat/completions`, chat())
  await fetch(`${url}/v1/chat/completions`, chat({ response_format: 'secret' }))
  await fetch(`${url}/secret`)
  engine.script = () => {
    throw new Error('the secret of a mistake')
  }
  const mistake = await fetch(`${url}/v1/chat/completions`, chat())
  expect(mistake.status).toBe(500)
  expect(await mistake.text()).not.toContain('secret')
  expect(logged.length).toBeGreaterThan(6)
  expect(logged.join('')).not.toContain('secret')
})

test('closing ends what runs', async () => {
  const { url, engine, api } = await testApi()
  engine.hold()
  const reply = fetch(`${url}/v1/chat/completions`, chat()).catch(() => 'ended')
  await eventually('it runs', () => engine.running === 1)
  await api.close()
  expect(await reply).toBe('ended')
  await eventually('it ended', () => engine.running === 0)
})

test.each([
  ['e2b-q8_0', 30],
  ['e2b-q4_0', 15],
])('speech is cut for the build that serves: %s gets at most %d s at once', async (build, seconds) => {
  const limits: number[] = []
  const segmentsOf: typeof scriptedAudio.segmentsOf = (clip, { mostSeconds }) => {
    limits.push(mostSeconds)
    return scriptedAudio.segmentsOf(clip, { mostSeconds })
  }
  const { url } = await testApi({
    engine: new ScriptedEngine(undefined, { build }),
    audio: { ...scriptedAudio, segmentsOf },
  })
  await fetch(`${url}/v1/audio/transcriptions`, speech())
  expect(limits).toEqual([seconds])
})

test('of many files at once, one more than the engine has slots is held decoded', async () => {
  let decodedNow = 0
  let mostDecoded = 0
  const decode: typeof scriptedAudio.decode = (bytes, limits) => {
    mostDecoded = Math.max(mostDecoded, ++decodedNow)
    return scriptedAudio.decode(bytes, limits)
  }
  const engine = new ScriptedEngine(() => {
    decodedNow--
    return 'hola'
  })
  const { url } = await testApi({ engine, audio: { ...scriptedAudio, decode } })
  const replies = await Promise.all(Array.from({ length: 10 }, () => fetch(`${url}/v1/audio/transcriptions`, speech())))
  expect(replies.map(({ status }) => status)).toEqual(Array(10).fill(200))
  expect(mostDecoded).toBeLessThanOrEqual(2)
})

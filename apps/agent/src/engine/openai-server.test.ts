import { readFileSync } from 'node:fs'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { EngineError, Generation, Load, Piece } from './engine'
import { findLlamaServer } from './llama-server-build'
import { openAiServer } from './openai-server'
import { piecesOf } from './openai-server-answer'
import { saidBy } from './openai-server-child'
import { profiles } from './openai-server-profiles'
import { bodyOf, wavOf } from './openai-server-request'
import type { Process } from './runtime'

const pocket = path.resolve(import.meta.dirname, '../../../../test/fixtures/pocket')
const load: Load = {
  build: 'pocket-f16',
  modelPath: `${pocket}/pocket-f16.gguf`,
  projectorPath: `${pocket}/pocket-f16-mmproj.gguf`,
  contextTokens: 1024,
  slots: 2,
  cacheType: 'f16',
  ubatch: 512,
  threads: 2,
  gpuLayers: 0,
}
const say = (text: string): Generation => ({
  turns: [{ role: 'user', parts: [{ is: 'text', text }] }],
  mostTokens: 40,
  temperature: 0,
})
const never = new AbortController().signal

const ending: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(ending.splice(0).map((end) => end()))
})

async function all(pieces: AsyncIterable<Piece>): Promise<Piece[]> {
  const list = []
  for await (const piece of pieces) list.push(piece)
  return list
}
const textOf = (pieces: Piece[]) => pieces.map((piece) => (piece.is === 'text' ? piece.text : '')).join('')
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('it did not fail'),
    (error: EngineError) => ({ code: error.code, detail: error.detail }),
  )

const chunk = (content: string | null, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: content === null ? {} : { content }, finish_reason: finish }] })}\n\n`
const usage = `data: {"choices":[],"usage":{"prompt_tokens":81,"completion_tokens":2}}\n\n`
const whole = `${chunk('uno')}${chunk(' dos')}${chunk(null, 'stop')}${usage}data: [DONE]\n\n`

type Answering = (response: ServerResponse, request: IncomingMessage) => void

/** A server that answers a completion as told, and everything else as a ready one would. */
const scripted = async (answer: Answering): Promise<Process> => (await attachTo(answer)).attached

async function attachTo(answer: Answering, isSilent = () => false) {
  const server = http.createServer((request, response) => {
    if (request.url === '/v1/chat/completions') return answer(response, request)
    if (isSilent()) return
    if (request.url === '/health') return void response.end('{"status":"ok"}')
    if (request.url === '/v1/models') return void response.end('{"data":[{"id":"scripted"}]}')
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const url = `http://127.0.0.1:${port}`
  const attached = openAiServer({ profile: profiles['llama-server'], url, lookMs: 20 }).start(load)
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  ending.push(async () => {
    await attached.stop(0)
    await close()
  })
  await attached.ready
  return { attached, close, url }
}
const streaming = { 'content-type': 'text/event-stream' }

describe('a server that we attach to', () => {
  test('is there as long as it takes connections, however long it is silent, and gone once it takes none', async () => {
    let isSilent = false
    const { attached, close, url } = await attachTo(
      (response) => response.end(),
      () => isSilent,
    )
    let ended = 'not yet'
    attached.ended.then(({ said }) => {
      ended = said?.code ?? 'stopped'
    })
    isSilent = true
    await new Promise((resolve) => setTimeout(resolve, 2_000 * 3 + 500)) // three looks of two seconds' patience
    expect(ended).toBe('not yet')
    await close()
    expect(await attached.ended).toMatchObject({ said: { code: 'ended', detail: { url } } })
  }, 30_000)

  test('gives its pieces as they come and ends with what they cost', async () => {
    const server = await scripted((response) => response.writeHead(200, streaming).end(whole))
    const pieces = await all(server.generate(say('hola'), never))
    expect(pieces.slice(0, 2)).toEqual([
      { is: 'text', text: 'uno' },
      { is: 'text', text: ' dos' },
    ])
    expect(pieces[2]).toMatchObject({ is: 'end', finish: 'stop', promptTokens: 81, generatedTokens: 2 })
  })

  test.each<[string, (response: ServerResponse) => void, object]>([
    [
      'answers 500',
      (r) => r.writeHead(500).end('{"error":{"code":500,"message":"boom","type":"server_error"}}'),
      { code: 'engine-lost', detail: { status: 500 } },
    ],
    ['is full', (r) => r.writeHead(503).end('{"error":{"code":503,"message":"Loading model"}}'), { code: 'not-ready' }],
    [
      'does not take the request',
      (r) => r.writeHead(400).end('{"error":{"code":400,"message":"no"}}'),
      { code: 'bad-request' },
    ],
    ['says no in a sentence', (r) => r.writeHead(422).end('{"error":"no"}'), { code: 'bad-request' }],
    [
      'has a shorter context',
      (r) =>
        r
          .writeHead(400)
          .end(
            '{"error":{"code":400,"message":"…","type":"exceed_context_size_error","n_prompt_tokens":12008,"n_ctx":1024}}',
          ),
      { code: 'context-full', detail: { promptTokens: 12008, contextTokens: 1024 } },
    ],
    [
      'does not hear',
      (r) => r.writeHead(500).end('{"error":{"message":"audio input is not supported - hint: …"}}'),
      { code: 'unsupported' },
    ],
    [
      'answers with a page',
      (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      { code: 'engine-lost', detail: { contentType: 'text/html' } },
    ],
    [
      'sends garbage for an event',
      (r) => r.writeHead(200, streaming).end('data: {"choices":[{"del\n\n'),
      { code: 'engine-lost' },
    ],
    [
      'sends another thing’s event',
      (r) => r.writeHead(200, streaming).end('data: {"choices":7}\n\n'),
      { code: 'engine-lost' },
    ],
    [
      'fails in mid-stream',
      (r) => r.writeHead(200, streaming).end(`${chunk('uno')}data: {"error":{"code":500,"message":"boom"}}\n\n`),
      { code: 'engine-lost' },
    ],
    ['ends without an end', (r) => r.writeHead(200, streaming).end(chunk('uno')), { code: 'engine-lost' }],
    ['ends before it begins', (r) => r.writeHead(200, streaming).end(), { code: 'engine-lost' }],
    [
      'resets the connection before it answers',
      (r) => r.socket?.resetAndDestroy(),
      { code: 'engine-lost', detail: { system: 'ECONNRESET' } },
    ],
    [
      'resets the connection in mid-stream',
      (r) => {
        r.writeHead(200, streaming).write(chunk('uno'))
        setTimeout(() => r.socket?.resetAndDestroy(), 20)
      },
      { code: 'engine-lost' },
    ],
    [
      'never ends its line',
      (r) => {
        r.writeHead(200, streaming)
        const more = () => r.write('data: '.padEnd(64 * 1024, 'x'), (error) => error || setImmediate(more))
        more()
      },
      { code: 'engine-lost' },
    ],
  ])('and %s: an error with a code', async (_, answer, wanted) => {
    const server = await scripted(answer)
    expect(await failureOf(all(server.generate(say('hola'), never)))).toMatchObject(wanted)
  })

  test('and is slow to answer is left when the signal aborts, with its connection closed', async () => {
    const [closed, onClosed] = waiter()
    const server = await scripted((_, request) => request.socket.once('close', onClosed))
    const aborting = new AbortController()
    setTimeout(() => aborting.abort(), 50)
    expect(await failureOf(all(server.generate(say('hola'), aborting.signal)))).toMatchObject({ code: 'aborted' })
    await closed
  })

  test('loses its connection when the caller stops listening', async () => {
    const [closed, onClosed] = waiter()
    const server = await scripted((response, request) => {
      request.socket.once('close', onClosed)
      response.writeHead(200, streaming).write(chunk('uno'))
    })
    for await (const piece of server.generate(say('hola'), never)) {
      expect(piece).toEqual({ is: 'text', text: 'uno' })
      break
    }
    await closed
  })
})

function waiter(): [Promise<void>, () => void] {
  let call = () => {}
  return [
    new Promise((resolve) => {
      call = resolve
    }),
    () => call(),
  ]
}

test('the pieces are the same however the bytes of the stream are cut', async () => {
  const bytes = Buffer.from(
    `: a comment\r\n\r\n${chunk('¿dónde')}${chunk(' está? 🌬')}${chunk(null, 'length')}${usage}data: [DONE]\n\n`,
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length]
      const cut = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
      const pieces = await all(piecesOf(asynchronously(cut), 0, () => 7))
      expect(textOf(pieces)).toBe('¿dónde está? 🌬')
      expect(pieces.at(-1)).toEqual({
        ...{ is: 'end', finish: 'length', promptTokens: 81, generatedTokens: 2, promptMs: 7, generationMs: 0 },
      })
    }),
  )
})

async function* asynchronously<T>(list: T[]) {
  yield* list
}

test('a request has its sound before its text, and no thinking', () => {
  const sound = new Float32Array([0, 1, -2, Number.NaN])
  const request: Generation = {
    ...say(''),
    turns: [
      {
        role: 'user',
        parts: [
          { is: 'text', text: 'Transcribe' },
          { is: 'sound', samples: sound },
        ],
      },
    ],
    schema: { type: 'object' },
  }
  const body = JSON.parse(JSON.stringify(bodyOf(request, profiles['litert-lm'], { model: 'm', thoughtToken: null })))
  expect(body).toMatchObject({ model: 'm', stream: true, max_tokens: 40, temperature: 0, reasoning_effort: 'none' })
  expect(body.response_format.json_schema.schema).toEqual({ type: 'object' })
  const [first, second] = body.messages[0].content
  expect([first.type, second.type]).toEqual(['input_audio', 'text'])
  const wav = Buffer.from(first.input_audio.data, 'base64')
  expect([0, 1, 2, 3].map((index) => wav.readInt16LE(44 + index * 2))).toEqual([0, 32767, -32767, 0])
  expect(wavOf(sound)).toHaveLength(wav.readUInt32LE(4) + 8)
})

test('llama-server is started with a context for each slot, on the loopback, keeping no old prompts', () => {
  const words = profiles['llama-server'].args({ ...load, slots: 4, cacheType: 'q8_0' }, 1234).join(' ')
  for (const wanted of [
    '--ctx-size 4096 --parallel 4',
    '--host 127.0.0.1 --port 1234',
    '--cache-ram 0',
    '--cache-type-v q8_0',
  ])
    expect(words).toContain(wanted)
})

test.each([
  [['srv load_model: failed to load model, ‘x’'], 'bad-file'],
  [['ggml: failed to allocate CPU buffer of size 9', 'error loading model'], 'out-of-memory'],
  [['unknown model architecture: ‘gemma9’', 'failed to load model'], 'unsupported'],
  [['listening on http://127.0.0.1:1'], undefined],
])('of the lines %j the reason is %s', (lines, code) => expect(saidBy(lines)?.code).toBe(code))

test('a program that is not there is missing before it is started', async () => {
  const runtime = openAiServer({ profile: profiles.vllm, program: '/nowhere/vllm' })
  expect(await runtime.check(load)).toEqual({ code: 'engine-missing', detail: { program: '/nowhere/vllm' } })
})

test('a program that ends before it is ready is said to have ended, with its last line', async () => {
  const program = path.join(import.meta.dirname, 'no-such-program')
  const child = openAiServer({ profile: profiles['llama-server'], program }).start(load)
  expect(await failureOf(child.ready)).toMatchObject({ code: 'ended' })
  expect(await child.ended).toMatchObject({ code: 127, signal: null })
  expect(child.lastLines(1)[0]).toMatch(/not found/)
})

const engine = await findLlamaServer(process.env.TRADEWIND_ENGINES || undefined)
describe.skipIf(!engine)('llama-server with the pocket', () => {
  const runtime = openAiServer({
    profile: profiles['llama-server'],
    program: engine?.program,
    minimumBuild: () => 9493,
  })
  const start = async (more: Partial<Load> = {}) => {
    const child = runtime.start({ ...load, ...more })
    ending.push(() => child.stop(1_000))
    const capabilities = await child.ready
    return { child, capabilities }
  }
  const clip = (name: string) => {
    const wav = readFileSync(`${pocket}/samples/${name}.wav`)
    return Float32Array.from(
      new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length)),
      (v) => v / 32768,
    )
  }
  const hear = (name: string): Generation => ({
    ...say(''),
    turns: [
      {
        role: 'user',
        parts: [
          { is: 'sound', samples: clip(name) },
          { is: 'text', text: inEnglish },
        ],
      },
    ],
  })

  test('hears, streams, and says what it can', async () => {
    expect(await runtime.check(load)).toBeNull()
    const { child, capabilities } = await start()
    expect(capabilities).toMatchObject({ hears: true, streams: true, schema: true, slots: 2, contextTokens: 1024 })
    expect(capabilities.runtime).toMatchObject({ name: 'llama-server', commit: engine?.record.commit.slice(0, 7) })
    const pieces = await all(child.generate(hear('en-0'), never))
    expect(textOf(pieces)).toBe(expected('en-0'))
    expect(pieces.length).toBeGreaterThan(2)
    expect(child.lastLines(500).join('\n')).not.toContain(expected('en-0'))
  })

  test('answers the next one after an abort, and what is longer than its context with the numbers', async () => {
    const { child } = await start()
    const aborting = new AbortController()
    const running = failureOf(all(child.generate({ ...say('go '.repeat(200)), mostTokens: 700 }, aborting.signal)))
    aborting.abort()
    expect((await running).code).toBe('aborted')
    const { code, detail } = await failureOf(all(child.generate(say('word '.repeat(3000)), never)))
    expect([code, detail.contextTokens]).toEqual(['context-full', 1024])
    expect(textOf(await all(child.generate(hear('en-1'), never)))).toBe(expected('en-1'))
  })

  test('binds its answer to a schema', async () => {
    const { child } = await start()
    const schema = {
      type: 'object',
      properties: { go: { type: 'boolean' } },
      required: ['go'],
      additionalProperties: false,
    }
    const pieces = await all(child.generate({ ...say('go'), schema, mostTokens: 60 }, never))
    expect(typeof JSON.parse(textOf(pieces)).go).toBe('boolean')
  })

  test('does not hear without a projector, and says so before anything is sent', async () => {
    const { child, capabilities } = await start({ projectorPath: null })
    expect(capabilities.hears).toBe(false)
    expect(await failureOf(all(child.generate(hear('en-0'), never)))).toMatchObject({ code: 'unsupported' })
  })

  test('refuses a file that is no model as bad', async () => {
    const child = runtime.start({ ...load, modelPath: `${pocket}/README.md` })
    expect(await failureOf(child.ready)).toMatchObject({ code: 'bad-file' })
    expect((await child.ended).said?.code).toBe('bad-file')
  })

  test('killed in the middle loses its requests with a clean error, and ends', async () => {
    const { child } = await start()
    const running = failureOf(all(child.generate({ ...say('go '.repeat(200)), mostTokens: 700 }, never)))
    process.kill(child.pid as number, 'SIGKILL')
    expect((await running).code).toBe('engine-lost')
    expect(await child.ended).toMatchObject({ code: null, signal: 'SIGKILL' })
  })

  test('older than a build of the catalogue wants is unsupported, with both numbers', async () => {
    const picky = openAiServer({
      profile: profiles['llama-server'],
      program: engine?.program,
      minimumBuild: () => 99_999,
    })
    expect(await picky.check(load)).toMatchObject({
      code: 'unsupported',
      detail: { needBuild: 99_999, haveBuild: 10_335 },
    })
  })
})

const inEnglish =
  'Transcribe the following speech segment in English into English text. Only output the transcription, with no newlines.'

const samples: { file: string; transcript: string }[] = JSON.parse(
  readFileSync(`${pocket}/samples/expected.json`, 'utf8'),
)
const expected = (name: string) => samples.find(({ file }) => file === `${name}.wav`)?.transcript ?? '?'

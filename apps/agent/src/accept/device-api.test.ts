import { ScriptedEngine, testApi } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'
import { EngineError, type EngineState } from '../engine/engine'
import { DeviceApi, placeOf } from './device-api'

const key = 'a key of this device'
const clip = { name: 'en-1.wav', bytes: Buffer.from('speech 3') }
const since = Date.parse('2026-11-24T08:00:00Z')

async function opened(engine = new ScriptedEngine(), config = {}) {
  const { url } = await testApi({ engine, config })
  return new DeviceApi({ url, key: null }, new AbortController().signal)
}

test('tells what is served', async () => {
  const api = await opened()
  expect(await api.served()).toEqual({
    id: 'scripted',
    hears: true,
    context_tokens: 4096,
    runtime: { name: 'scripted', version: '1', commit: null },
    warnings: [],
  })
})

test('has a clip heard, and learns how much the engine did', async () => {
  const engine = new ScriptedEngine(() => 'hola')
  const api = await opened(engine)
  const before = await api.counts()
  expect(await api.transcribe(clip, 'es', 'scripted')).toMatchObject({ heard: 'hola', audioSeconds: 4 })
  expect(JSON.stringify(engine.asked)).toContain('Spanish')
  const after = await api.counts()
  expect([before?.promptTokens, after?.promptTokens, after?.promptSeconds]).toEqual([0, 10, 0.1])
})

describe('refuses, with what to do', () => {
  const states: [EngineState, RegExp][] = [
    [{ is: 'cold' }, /engine is cold\./],
    [{ is: 'loading', build: 'e2b', since }, /loading, of e2b/],
    [
      { is: 'failed', build: 'e2b', since, failure: { code: 'out-of-memory', detail: {} }, retryAt: null },
      /out-of-memory/,
    ],
  ]
  test.each(states)('when the engine is %o', async (state, message) => {
    const engine = new ScriptedEngine()
    engine.become(state)
    const api = await opened(engine)
    await expect(api.served()).rejects.toMatchObject({ code: 'not-serving', message: expect.stringMatching(message) })
  })

  test('when the build is deaf', async () => {
    const api = await opened(new ScriptedEngine(undefined, { hears: false }))
    await expect(api.served()).rejects.toMatchObject({ code: 'deaf' })
  })

  test('when the API wants another key', async () => {
    const api = await opened(undefined, { keys: [key] })
    await expect(api.served()).rejects.toMatchObject({
      code: 'wrong-key',
      next: expect.stringContaining('TRADEWIND_API_KEY'),
    })
  })

  test('when nobody listens', async () => {
    const { url, api: closed } = await testApi()
    await closed.close()
    const api = new DeviceApi({ url, key: null }, new AbortController().signal)
    await expect(api.served()).rejects.toMatchObject({
      code: 'api-down',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test.each<[string, ScriptedEngine, typeof clip, string, string]>([
    ['the clip is no sound', new ScriptedEngine(), { ...clip, bytes: Buffer.from('poem') }, 'scripted', 'clip-refused'],
    ['another build answers', new ScriptedEngine(), clip, 'e2b', 'build-changed'],
    [
      'the engine dies',
      new ScriptedEngine(() => ({ pieces: [], error: new EngineError('engine-lost', 'gone') })),
      clip,
      'scripted',
      'engine-lost',
    ],
  ])('when %s', async (_, engine, sent, build, code) => {
    const api = await opened(engine)
    await expect(api.transcribe(sent, null, build)).rejects.toMatchObject({ code })
  })
})

test('ends with its signal', async () => {
  const { url } = await testApi()
  const aborted = new DOMException('enough', 'AbortError')
  const api = new DeviceApi({ url, key: null }, AbortSignal.abort(aborted))
  await expect(api.served()).rejects.toBe(aborted)
})

test.each([
  ['127.0.0.1', 8797, 'http://127.0.0.1:8797'],
  ['0.0.0.0', 8797, 'http://127.0.0.1:8797'],
  ['::', 8797, 'http://[::1]:8797'],
  ['192.168.1.10', 80, 'http://192.168.1.10:80'],
])('an agent that listens on %s at %i is asked at %s', (host, port, url) => {
  expect(placeOf({ TRADEWIND_API_HOST: host, TRADEWIND_API_PORT: port, TRADEWIND_API_KEY: key })).toEqual({ url, key })
})

test('a port that nobody can know is asked for', () => {
  expect(() => placeOf({ TRADEWIND_API_HOST: '127.0.0.1', TRADEWIND_API_PORT: 0 })).toThrow(
    expect.objectContaining({ code: 'port-unknown' }),
  )
})

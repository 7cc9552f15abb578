import { Sample } from '@tradewind/protocol'
import { eventually, ScriptedEngine, testApi } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'
import { WorkTally } from './work'

function form(audio: string) {
  const body = new FormData()
  body.append('file', new Blob([audio]), 'clip.wav')
  return { method: 'POST', body }
}
const question = (user = 'hello') => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ messages: [{ role: 'user', content: user }] }),
})

/** An API, and what it did, once it has seen that its last answer has gone. */
async function working(given: Parameters<typeof testApi>[0] = {}) {
  const { api, url } = await testApi(given)
  const work = async () => {
    await fetch(`${url}/healthz`)
    return api.takeWork()
  }
  return { url, work }
}

describe('the work of an API', () => {
  test('nobody asked for is not told', async () => {
    const { url, work } = await working()
    await fetch(`${url}/healthz`)
    await fetch(`${url}/metrics`)
    expect(await work()).toEqual({})
  })

  test('is told once, and is a part of a sample', async () => {
    const { url, work } = await working()
    await fetch(`${url}/v1/chat/completions`, question())
    const told = await work()
    expect(told).toEqual({
      requestsWaiting: expect.any(Number),
      work: {
        requests: 1,
        promptTokens: 10,
        generatedTokens: 1,
        generationSeconds: 0.1,
        engineSeconds: expect.any(Number),
      },
    })
    expect(Sample.parse({ seq: 1, mono: 1, at: 1, ...told })).toMatchObject(told)
    expect(await work()).toEqual({})
  })

  test('of a file is told as its segments are heard, and comes to all of it', async () => {
    const engine: ScriptedEngine = new ScriptedEngine(() => {
      if (engine.asked.length === 2) engine.hold()
      return 'hola'
    })
    const { url, work } = await working({ engine })
    const reply = fetch(`${url}/v1/audio/transcriptions`, form('speech 2 4'))
    await eventually('the second begins', () => engine.asked.length === 2)
    const first = await work()
    expect(first.work).toMatchObject({ audioSeconds: 2, hearingSeconds: expect.any(Number) })
    expect(first.work?.requests).toBeUndefined() // it is still being answered
    engine.letGo()
    expect((await reply).status).toBe(200)
    const second = await work()
    expect(second.work).toMatchObject({ requests: 1, audioSeconds: 6 }) // of 8 s, the silence between and after included
    const { hearingSeconds = 0, engineSeconds = 0 } = second.work ?? {}
    expect(hearingSeconds).toBeCloseTo(engineSeconds, 1)
  })

  test('that is refused or broken off has failed', async () => {
    const engine = new ScriptedEngine(() => ({ pieces: ['a'], error: new Error('gone') }))
    const { url, work } = await working({ engine })
    await fetch(`${url}/v1/audio/transcriptions`, form('Dear Sir'))
    await fetch(`${url}/v1/chat/completions`, question())
    engine.become({ is: 'cold' })
    expect((await fetch(`${url}/v1/chat/completions`, question())).status).toBe(503)
    expect((await work()).work).toMatchObject({ requests: 3, failedRequests: 3 })
  })

  test('without its key is none', async () => {
    const { url, work } = await working({ config: { keys: ['k'.repeat(32)] } })
    expect((await fetch(`${url}/v1/chat/completions`, question())).status).toBe(401)
    expect(await work()).toEqual({})
  })

  test('that its client gave up has not failed', async () => {
    const engine = new ScriptedEngine()
    const { url, work } = await working({ engine })
    engine.hold()
    const leaving = new AbortController()
    const asked = fetch(`${url}/v1/chat/completions`, { ...question(), signal: leaving.signal })
    await eventually('it works', () => engine.running === 1)
    leaving.abort()
    await asked.catch(() => {})
    await eventually('it is given up', async () => /code="499"/.test(await (await fetch(`${url}/metrics`)).text()))
    const { requests, failedRequests } = (await work()).work ?? {}
    expect([requests, failedRequests]).toEqual([1, undefined])
  })

  test('that waits is told at its most, also when nobody waits any more', async () => {
    const engine = new ScriptedEngine()
    const { url, work } = await working({ engine })
    engine.hold()
    const asked = ['a', 'b', 'c'].map((user) => fetch(`${url}/v1/chat/completions`, question(user)))
    await eventually('two wait', async () =>
      /tradewind_api_waiting 2/.test(await (await fetch(`${url}/metrics`)).text()),
    )
    engine.letGo()
    await Promise.all(asked)
    expect((await work()).requestsWaiting).toBe(2)
    expect(await work()).toEqual({})
  })

  test('that goes on for long is told to go on', async () => {
    const engine = new ScriptedEngine()
    const { url, work } = await working({ engine })
    engine.hold()
    const asked = fetch(`${url}/v1/chat/completions`, question())
    await eventually('it works', () => engine.running === 1)
    expect(await work()).toEqual({ requestsWaiting: 0 })
    engine.letGo()
    await asked
  })
})

test('who waits when a sample is taken waits in the next one too', () => {
  let line = { waiting: 3, running: 1 }
  const tally = new WorkTally(() => line)
  tally.queued(3)
  expect(tally.take()).toEqual({ requestsWaiting: 3 })
  line = { waiting: 0, running: 0 }
  expect(tally.take()).toEqual({ requestsWaiting: 3 })
  expect(tally.take()).toEqual({})
})

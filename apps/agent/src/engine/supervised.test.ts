import { eventually } from '@tradewind/testkit'
import { expect, test } from 'vitest'
import type { Capabilities, Generation, Load, Piece } from './engine'
import type { Exit, Process, Runtime } from './runtime'
import { SupervisedEngine } from './supervised'

const load: Load = {
  ...{ build: 'a', modelPath: '/a', projectorPath: null, contextTokens: 1024, slots: 1 },
  ...{ cacheType: 'f16', ubatch: 512, threads: 1, gpuLayers: 0 },
}
const capabilities: Capabilities = {
  ...{ runtime: { name: 'scripted', version: '0', commit: null }, build: 'a', hears: true, streams: true },
  ...{ schema: false, slots: 1, contextTokens: 1024, warnings: [] },
}
const request: Generation = { turns: [], mostTokens: 10, temperature: 0 }
const ending: Piece = { is: 'end', finish: 'stop', promptTokens: 1, generatedTokens: 1, promptMs: 1, generationMs: 1 }

/** A process that does what the test says, and nothing else. */
class ScriptedProcess implements Process {
  readonly pid = 1
  hasEnded = false
  becomeReady = () => {}
  #end = (_: Exit) => {}
  ready = new Promise<Capabilities>((resolve) => {
    this.becomeReady = () => resolve(capabilities)
  })
  ended = new Promise<Exit>((resolve) => {
    this.#end = resolve
  })
  pieces: () => AsyncIterable<Piece> = async function* () {
    yield ending
  }
  generate = () => this.pieces()
  lastLines = () => ['its last word']
  async stop() {
    this.crash({ code: null, signal: 'SIGKILL', said: null })
  }
  crash(exit: Exit) {
    this.hasEnded = true
    this.#end(exit)
  }
}

function scripted(parts: { loadMs?: number; silenceMs?: number } = {}) {
  const processes: ScriptedProcess[] = []
  const runtime: Runtime = {
    name: 'scripted',
    check: async () => null,
    start: () => {
      const process = new ScriptedProcess()
      processes.push(process)
      return process
    },
  }
  const deaths = { isAndroid: false, outOfMemoryKills: () => 0 }
  const engine = new SupervisedEngine({ runtimeFor: () => runtime, deaths, now: Date.now, ...parts })
  const nth = (n: number) => eventually(`process ${n}`, () => processes[n])
  return { engine, runtime, processes, nth }
}

const all = async (pieces: AsyncIterable<Piece>) => {
  const said: Piece[] = []
  for await (const piece of pieces) said.push(piece)
  return said
}

test('who says nothing for too long is ended, and the next process answers', async () => {
  const { engine, nth } = scripted({ silenceMs: 50 })
  const loading = engine.load(load)
  const first = await nth(0)
  first.becomeReady()
  await loading
  first.pieces = async function* () {
    await new Promise(() => {})
    yield ending
  }
  await expect(all(engine.generate({ ...request }))).rejects.toMatchObject({ code: 'engine-lost' })
  expect(first.hasEnded).toBe(true)
  expect(engine.state).toMatchObject({ is: 'failed', failure: { code: 'hung' } })
  ;(await nth(1)).becomeReady()
  await eventually('ready', () => engine.state.is === 'ready')
  expect(await all(engine.generate(request))).toEqual([ending])
})

test('a load that takes too long is ended and says so', async () => {
  const { engine, nth } = scripted({ loadMs: 50 })
  await expect(engine.load(load)).rejects.toMatchObject({ code: 'load-timeout' })
  expect((await nth(0)).hasEnded).toBe(true)
  await engine.unload()
})

test('a load that is overtaken ends before the next begins, and its voice is not heard', async () => {
  const { engine, processes, nth } = scripted()
  const first = engine.load(load)
  const slow = await nth(0)
  const second = engine.load({ ...load, build: 'b' })
  await expect(first).rejects.toMatchObject({ code: 'aborted' })
  const fast = await nth(1)
  expect(slow.hasEnded).toBe(true)
  slow.becomeReady()
  expect(engine.state).toMatchObject({ is: 'loading', build: 'b' })
  fast.becomeReady()
  await second
  expect(engine.state).toMatchObject({ is: 'ready', build: 'b' })
  expect(processes).toHaveLength(2)
})

test('an unload waits for what runs', async () => {
  const { engine, nth } = scripted()
  const loading = engine.load(load)
  const process = await nth(0)
  process.becomeReady()
  await loading
  let finish = () => {}
  process.pieces = async function* () {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    yield ending
  }
  const running = all(engine.generate(request))
  const unloading = engine.unload()
  expect(engine.state.is).toBe('draining')
  await expect(all(engine.generate(request))).rejects.toMatchObject({ code: 'not-ready' })
  expect(process.hasEnded).toBe(false)
  finish()
  expect(await running).toEqual([ending])
  await unloading
  expect(process.hasEnded).toBe(true)
})

test('a load that is aborted leaves nothing behind', async () => {
  const { engine, nth } = scripted()
  const aborting = new AbortController()
  const loading = engine.load(load, aborting.signal)
  const process = await nth(0)
  aborting.abort()
  await expect(loading).rejects.toMatchObject({ code: 'aborted' })
  await eventually('ended', () => process.hasEnded)
  await eventually('cold', () => engine.state.is === 'cold')
})

test('orders that overtake each other while something drains leave one process', async () => {
  const { engine, processes, nth } = scripted()
  const loading = engine.load(load)
  const first = await nth(0)
  first.becomeReady()
  await loading
  let finish = () => {}
  first.pieces = async function* () {
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    yield ending
  }
  const running = all(engine.generate(request))
  const overtaken = engine.load({ ...load, build: 'b' }).catch((error) => error.code)
  await new Promise((resolve) => setTimeout(resolve, 5))
  const last = engine.load({ ...load, build: 'c' })
  finish()
  await running
  expect(await overtaken).toBe('aborted')
  for (const process of [await nth(1), ...processes.slice(2)]) process.becomeReady()
  await eventually('ready', () => engine.state.is === 'ready')
  for (const process of processes) process.becomeReady()
  await last
  expect(engine.state).toMatchObject({ is: 'ready', build: 'c' })
  expect(processes.filter(({ hasEnded }) => !hasEnded)).toHaveLength(1)
  await engine.unload()
  expect(processes.filter(({ hasEnded }) => !hasEnded)).toEqual([])
})

test('who waits behind a slow request is not taken for hung', async () => {
  const { engine, nth } = scripted({ silenceMs: 500 })
  const loading = engine.load(load)
  const process = await nth(0)
  process.becomeReady()
  await loading
  let free = Promise.resolve()
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  // one at a time, each in two steps of 300 ms: the third waits for longer than silence may be
  process.pieces = async function* () {
    const before = free
    let leave = () => {}
    free = new Promise<void>((resolve) => {
      leave = resolve
    })
    await before
    await wait(300)
    yield { is: 'text', text: 'one' }
    await wait(300)
    leave()
    yield ending
  }
  await all(engine.generate(request)) // so that it knows how fast this is
  const ends = await Promise.all([1, 2, 3].map(() => all(engine.generate(request)).catch((error) => error.code)))
  expect(ends.map((pieces) => pieces.at(-1))).toEqual([ending, ending, ending])
})

test('whoever gives up waits until the process can take the next one', async () => {
  const { engine, nth } = scripted()
  const loading = engine.load(load)
  const process = await nth(0)
  process.becomeReady()
  await loading
  let isBusy = true
  process.pieces = async function* () {
    try {
      yield { is: 'text', text: 'one' }
      yield ending
    } finally {
      await new Promise((resolve) => setTimeout(resolve, 50))
      isBusy = false
    }
  }
  for await (const _ of engine.generate(request)) break
  expect(isBusy).toBe(false)
})

test('a runtime that cannot even look at the files is a failure, not a crash', async () => {
  const { engine, runtime } = scripted()
  runtime.check = async () => {
    throw new Error('no such thing')
  }
  await expect(engine.load(load)).rejects.toMatchObject({ code: 'engine-missing' })
})

test('a load that nobody wants any more is aborted before it begins', async () => {
  const { engine, processes } = scripted()
  await expect(engine.load(load, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' })
  expect(processes).toEqual([])
})

test('what a process said last outlives it', async () => {
  const { engine, nth } = scripted()
  const loading = engine.load(load)
  const process = await nth(0)
  process.becomeReady()
  await loading
  process.crash({ code: 1, signal: null, said: null })
  await eventually('failed', () => engine.state.is === 'failed')
  expect(engine.lastLines(1)).toEqual(['its last word'])
  await engine.unload()
})

test('a reader who takes their time does not make the engine look hung', async () => {
  const { engine, nth } = scripted({ silenceMs: 50 })
  const loading = engine.load(load)
  const process = await nth(0)
  process.becomeReady()
  await loading
  process.pieces = async function* () {
    yield { is: 'text', text: 'one' }
    yield ending
  }
  for await (const _ of engine.generate(request)) await new Promise((resolve) => setTimeout(resolve, 200))
  expect(engine.state.is).toBe('ready')
})

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
  lastLines = () => []
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
  return { engine, processes, nth }
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

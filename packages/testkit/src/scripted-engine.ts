import {
  type Capabilities,
  type Engine,
  EngineError,
  type EngineState,
  type Generation,
  type Piece,
} from '@tradewind/agent/engine/engine'

/** What to answer: a text, its pieces, or pieces and how it ends; an `error` is thrown after the pieces. */
export type Script = string | string[] | { pieces: string[]; finish?: 'stop' | 'length'; error?: Error }

/** A fake engine: it says what its script says, and remembers what it was asked. No weights, no process, no time. */
export class ScriptedEngine implements Engine {
  state: EngineState = { is: 'ready', build: 'scripted', since: Date.parse('2026-11-24T08:00:00Z') }
  capabilities: Capabilities
  readonly asked: Generation[] = []
  running = 0
  mostRunning = 0
  /** generations that ended before their end: aborted, or no longer listened to */
  cut = 0
  /** changes what it answers */
  script: (generation: Generation) => Script
  #listeners = new Set<(state: EngineState) => void>()
  #gate: { before: number; opened: Promise<void>; open: () => void } | null = null

  constructor(
    script: (generation: Generation) => Script = () => 'hola mundo',
    capabilities: Partial<Capabilities> = {},
  ) {
    this.script = script
    this.capabilities = {
      runtime: { name: 'scripted', version: '1', commit: null },
      build: 'scripted',
      hears: true,
      streams: true,
      schema: true,
      slots: 1,
      contextTokens: 4096,
      warnings: [],
      ...capabilities,
    }
  }

  /** Stops every answer before this piece, until `letGo`. */
  hold(before = 0) {
    let open = () => {}
    const opened = new Promise<void>((resolve) => (open = resolve))
    this.#gate = { before, opened, open }
  }

  letGo() {
    this.#gate?.open()
    this.#gate = null
  }

  become(state: EngineState) {
    this.state = state
    for (const listener of this.#listeners) listener(state)
  }

  onState(callback: (state: EngineState) => void) {
    this.#listeners.add(callback)
    return () => void this.#listeners.delete(callback)
  }

  async load() {
    return this.capabilities
  }

  async unload() {
    this.become({ is: 'cold' })
  }

  async *generate(generation: Generation, signal?: AbortSignal): AsyncIterable<Piece> {
    if (this.state.is !== 'ready') throw new EngineError('not-ready', 'the engine is not ready')
    this.asked.push(generation)
    this.running++
    this.mostRunning = Math.max(this.mostRunning, this.running)
    let isWhole = false
    try {
      const { pieces, finish = 'stop', error } = inFull(this.script(generation))
      for (const [at, text] of pieces.entries()) {
        await this.#opened(at, signal)
        yield { is: 'text', text }
      }
      await this.#opened(pieces.length, signal)
      isWhole = true
      if (error) throw error
      const generatedTokens = pieces.length
      yield { is: 'end', finish, promptTokens: 10, generatedTokens, promptMs: 100, generationMs: 100 * generatedTokens }
    } finally {
      this.running--
      if (!isWhole) this.cut++
    }
  }

  async #opened(at: number, signal?: AbortSignal) {
    const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
    if (this.#gate && at >= this.#gate.before && !signal?.aborted) await Promise.race([this.#gate.opened, aborted])
    if (signal?.aborted) throw new EngineError('aborted', 'the generation was aborted')
  }
}

function inFull(script: Script): { pieces: string[]; finish?: 'stop' | 'length'; error?: Error } {
  if (typeof script === 'string') return { pieces: [script] }
  return Array.isArray(script) ? { pieces: script } : script
}

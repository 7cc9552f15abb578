import {
  type Capabilities,
  type Engine,
  EngineError,
  type EngineFailure,
  type EngineState,
  type Generation,
  type Load,
  type Piece,
} from './engine'
import { type Deaths, failureOf } from './exit'
import { cold, type EngineEvent, type Machine, next } from './machine'
import { inPlainText } from './plain'
import type { Exit, Process, Runtime } from './runtime'
import { Hung, limitsOf, Pace, Watch } from './watchdog'

export type SupervisedParts = {
  /** which runtime is to hold this load */
  runtimeFor: (load: Load) => Runtime
  deaths: Deaths
  now: () => number
  /** longest that a load may take, in milliseconds */
  loadMs?: number
  /** shortest time without a sign of life after which a generation counts as hung, in milliseconds */
  silenceMs?: number
}

const drainMs = 10_000
const stopMs = 2_000

/**
 * An engine whose process is kept alive.
 *
 * - At most one process at a time; the one before has ended when the next begins.
 * - What waits when a process ends gets `engine-lost`; nothing waits for ever: loads and silences have limits.
 * - A state is left only through the machine, and whoever listens hears of each.
 */
export class SupervisedEngine implements Engine {
  #machine: Machine = cold
  #capabilities: Capabilities | null = null
  #load: Load | null = null
  #process: Process | null = null
  #lastLines: Process['lastLines'] = () => []
  #retry: NodeJS.Timeout | undefined
  #listeners = new Set<(state: EngineState) => void>()
  #generations = 0
  #pace = new Pace()
  #watch = new Watch()
  #emptying: Promise<void> | null = null
  /** grows with each order to load or unload: whoever finds another number was overtaken */
  #order = 0

  constructor(private parts: SupervisedParts) {}

  get state() {
    return this.#machine.state
  }

  get capabilities() {
    const { is } = this.state
    return is === 'ready' || is === 'draining' ? this.#capabilities : null
  }

  /** The process that holds the weights now; null while there is none. */
  get pid() {
    return this.#process?.pid ?? null
  }

  /** What the process said last, also when it has ended since. */
  lastLines = (most: number) => this.#lastLines(most)

  onState(callback: (state: EngineState) => void) {
    this.#listeners.add(callback)
    return () => void this.#listeners.delete(callback)
  }

  async load(load: Load, signal?: AbortSignal): Promise<Capabilities> {
    const order = ++this.#order
    await this.#emptied()
    if (signal?.aborted) throw new EngineError('aborted', 'The load was aborted.')
    if (order !== this.#order) throw overtaken()
    this.#load = load
    this.#pace = new Pace()
    this.#watch = new Watch()
    this.#tell({ is: 'load', build: load.build })
    void this.#begin(order)
    return await this.#settled(order, signal)
  }

  async unload(): Promise<void> {
    this.#order++
    await this.#emptied()
  }

  /** However many orders wait for it at once, what is there is ended once: none can begin before it has. */
  #emptied(): Promise<void> {
    this.#emptying ??= this.#empty().finally(() => {
      this.#emptying = null
    })
    return this.#emptying
  }

  async #empty(): Promise<void> {
    clearTimeout(this.#retry)
    this.#tell({ is: 'unload' })
    const process = this.#process
    if (process) {
      const deadline = performance.now() + drainMs
      while (this.#generations > 0 && performance.now() < deadline) await pause(20)
      await process.stop(stopMs)
      this.#process = null
    }
    this.#capabilities = null
    this.#tell({ is: 'unloaded' })
  }

  async *generate(request: Generation, signal?: AbortSignal): AsyncIterable<Piece> {
    const process = this.#process
    const { state } = this
    if (state.is !== 'ready' || !process || !this.#capabilities) throw notReady(state)
    refuseWhatItCannot(request, this.#capabilities)
    if (signal?.aborted) throw new EngineError('aborted', 'The request was given up before it began.')
    this.#generations++
    try {
      yield* this.#watched(process, inPlainText(request), signal)
    } finally {
      this.#generations--
    }
  }

  /** Pieces as they come; a process that says nothing for too long is ended. */
  async *#watched(process: Process, request: Generation, signal?: AbortSignal): AsyncIterable<Piece> {
    const watch = this.#watch
    const limits = limitsOf(request, this.#pace, this.parts.silenceMs)
    const stopping = new AbortController()
    const abort = () => stopping.abort()
    signal?.addEventListener('abort', abort)
    const pieces = process.generate(request, stopping.signal)[Symbol.asyncIterator]()
    const generation = watch.begin(limits.firstMs)
    let hasLeft = false
    try {
      for (;;) {
        const step = await watch.orHung(pieces.next())
        if (step instanceof Hung) throw this.#hung(process, step)
        if (step.done) return
        if (step.value.is === 'end') this.#pace.learn(request, step.value)
        watch.sign(generation, limits.nextMs)
        hasLeft = true
        yield step.value
        hasLeft = false
      }
    } finally {
      signal?.removeEventListener('abort', abort)
      stopping.abort()
      // who leaves early waits until the process can take the next one, or is ended for not letting go
      const letGo = hasLeft && (await watch.orHung(Promise.resolve(pieces.return?.()).catch(() => {})))
      if (letGo instanceof Hung) this.#hung(process, letGo)
      watch.end(generation)
    }
  }

  #hung(process: Process, { silentMs }: Hung): EngineError {
    this.#end(process, { code: 'hung', detail: { silentMs } })
    return new EngineError(
      'engine-lost',
      `The engine said nothing for ${Math.round(silentMs / 1000)} s and was ended.`,
      { silentMs },
    )
  }

  /** Begins a process for the load; its end is noticed, and mended, whenever it comes. */
  async #begin(order: number): Promise<void> {
    const load = this.#load
    if (!load) return
    const runtime = await this.#checked(load)
    if (order !== this.#order) return
    if ('code' in runtime) return this.#lost(order, runtime)
    const kills = this.parts.deaths.outOfMemoryKills()
    const process = startOf(runtime, load)
    if ('code' in process) return this.#lost(order, process)
    this.#process = process
    this.#lastLines = process.lastLines
    void process.ended.then((exit) => this.#ended(process, order, exit, kills))
    const loadMs = this.parts.loadMs ?? 10 * 60_000
    const timer = setTimeout(() => this.#end(process, { code: 'load-timeout', detail: { afterMs: loadMs } }), loadMs)
    try {
      const capabilities = await process.ready
      if (this.#process !== process || order !== this.#order) return
      this.#capabilities = capabilities
      this.#tell({ is: 'loaded' })
    } catch {
      // its end says why
      await process.stop(0)
    } finally {
      clearTimeout(timer)
    }
  }

  /** The runtime for a load, or what speaks against it. */
  async #checked(load: Load): Promise<Runtime | EngineFailure> {
    try {
      const runtime = this.parts.runtimeFor(load)
      return (await runtime.check(load)) ?? runtime
    } catch (error) {
      return { code: 'engine-missing', detail: { why: (error as Error).message } }
    }
  }

  /** Why a process that still lives is being ended. */
  #verdicts = new WeakMap<Process, EngineFailure>()

  #end(process: Process, why: EngineFailure) {
    this.#verdicts.set(process, why)
    void process.stop(0)
  }

  #ended(process: Process, order: number, exit: Exit, kills: number | null) {
    if (this.#process === process) this.#process = null
    if (order !== this.#order) return
    const verdict = this.#verdicts.get(process)
    this.#lost(order, verdict ?? failureOf(exit, this.parts.deaths, kills))
  }

  #lost(order: number, failure: EngineFailure) {
    this.#capabilities = null
    this.#tell({ is: 'lost', failure })
    const { state } = this
    if (state.is !== 'failed' || state.retryAt === null) return
    this.#retry = setTimeout(() => {
      if (order !== this.#order) return
      this.#tell({ is: 'retry' })
      void this.#begin(order)
    }, state.retryAt - this.parts.now())
  }

  /** Resolves when the first try of an order to load has come to something. */
  #settled(order: number, signal?: AbortSignal): Promise<Capabilities> {
    return new Promise((resolve, reject) => {
      const settle = () => {
        const { state } = this
        if (order !== this.#order) finish(() => reject(overtaken()))
        else if (state.is === 'ready' && this.#capabilities) finish(() => resolve(this.#capabilities as Capabilities))
        else if (state.is === 'failed') finish(() => reject(failedToLoad(state.failure)))
      }
      const abort = () => {
        finish(() => reject(new EngineError('aborted', 'The load was aborted.')))
        void this.unload()
      }
      const finish = (deed: () => void) => {
        stopListening()
        signal?.removeEventListener('abort', abort)
        deed()
      }
      const stopListening = this.onState(settle)
      signal?.addEventListener('abort', abort)
      settle()
    })
  }

  #tell(event: EngineEvent) {
    const before = this.#machine.state
    this.#machine = next(this.#machine, event, this.parts.now())
    if (this.#machine.state !== before) for (const listener of this.#listeners) listener(this.#machine.state)
  }
}

function startOf(runtime: Runtime, load: Load): Process | EngineFailure {
  try {
    return runtime.start(load)
  } catch (error) {
    return { code: 'engine-missing', detail: { runtime: runtime.name, why: (error as Error).message } }
  }
}

const overtaken = () => new EngineError('aborted', 'Another order came in between.')

function refuseWhatItCannot(
  { turns, schema, mostTokens }: Generation,
  { build, hears, schema: canBind }: Capabilities,
) {
  const sounds = turns.flatMap(({ parts }) => parts).filter((part) => part.is === 'sound')
  if (!Number.isInteger(mostTokens) || mostTokens < 1)
    throw new EngineError('bad-request', `An answer of ${mostTokens} tokens cannot be given: ask for one or more.`)
  if (sounds.some(({ samples }) => samples.length === 0))
    throw new EngineError('bad-request', 'The sound is empty: send some, or text alone.')
  if (sounds.length > 0 && !hears) throw new EngineError('unsupported', `The build ${build} does not hear.`)
  if (schema && !canBind)
    throw new EngineError('unsupported', `The build ${build} cannot bind its answer to a schema here.`)
}

const notReady = (state: EngineState) =>
  new EngineError('not-ready', `The engine is ${state.is}.`, state.is === 'failed' ? state.failure.detail : {})

const failedToLoad = ({ code, detail }: EngineFailure) =>
  new EngineError(code, `The build could not be loaded: ${code} ${detail.why ?? ''}`.trim(), detail)

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

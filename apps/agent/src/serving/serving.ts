import { setTimeout as pause } from 'node:timers/promises'
import { deviceClassOf } from '@tradewind/fleet'
import type { Build, BuildMeasured, Facts, HoldOptions } from '@tradewind/protocol'
import type { Logger } from 'pino'
import type { Capabilities, EngineState } from '../engine/engine'
import { EngineError } from '../engine/engine'
import { type Deaths, outOfMemoryKills } from '../engine/exit'
import { type KnownClip, measureSpeeds } from '../engine/measure'
import { residentBytesOf } from '../engine/resident-bytes'
import type { Runtime } from '../engine/runtime'
import { SupervisedEngine } from '../engine/supervised'
import { type LoadPlan, type LoadWish, loadAssigned, loadFor } from './load-for'

/** A build whose files are whole and on this disk. */
export type HeldHere = { build: Build; label: string; demo: boolean; model: string; projector: string | null }

export type ServingParts = {
  wish: LoadWish
  runtimeFor: (build: Build) => Runtime
  facts: () => Promise<Facts>
  /** degrees Celsius of the hottest zone; undefined where none can be read */
  temperature: () => Promise<number | undefined>
  knownClip: () => Promise<KnownClip | null>
  isAndroid: boolean
  log: Logger
  now: () => number
  onState: (held: HeldHere, state: EngineState, engine: Capabilities['runtime'] | null) => void
  onMeasured: (figures: BuildMeasured) => void
}

type Loaded = { held: HeldHere; plan: LoadPlan; loadMs: number; facts: Facts; before: number | undefined }

/** After a load the machine is let come to rest before it is measured. */
const restMs = 2_000

/**
 * Holds one build and keeps it held: loads it, says how far that is, and measures it once it is ready.
 * A build that is replaced serves until the next one is asked for; then the engine holds the new one or says why not.
 */
export class Serving {
  readonly engine: SupervisedEngine
  #held: HeldHere | null = null
  /** what was loaded and is yet to be measured */
  #loaded: Loaded | null = null
  #runtime: Capabilities['runtime'] | null = null
  #leaving = new AbortController()

  constructor(private parts: ServingParts) {
    const deaths: Deaths = { isAndroid: parts.isAndroid, outOfMemoryKills }
    const runtimeOf = () => parts.runtimeFor((this.#held as HeldHere).build)
    this.engine = new SupervisedEngine({ runtimeFor: runtimeOf, deaths, now: parts.now })
    this.engine.onState((state) => this.#tell(state))
  }

  get held() {
    return this.#held
  }

  /** Never rejects: what goes wrong is a state of the engine, which tries again by itself where that may help. */
  async hold(held: HeldHere): Promise<void> {
    try {
      await this.load(held, null)
      await this.measure()
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      if (error.code !== 'aborted') this.parts.log.error({ build: held.build.id, code: error.code }, error.message)
    }
  }

  /** Loads it as assigned, or with null in the way that fits. Throws `EngineError`. */
  async load(held: HeldHere, options: HoldOptions | null, signal = this.#leaving.signal): Promise<void> {
    this.#held = held
    this.#loaded = null
    const facts = await this.parts.facts()
    const { wish } = this.parts
    const plan = options ? loadAssigned(held.build, held, facts, options, wish) : loadFor(held.build, held, facts, wish)
    for (const { code, ...numbers } of plan.warnings)
      this.parts.log.warn({ build: held.build.id, code, ...numbers }, 'the build may not fit')
    const before = await this.parts.temperature()
    const began = performance.now()
    const { runtime, warnings } = await this.engine.load(plan.load, AbortSignal.any([signal, this.#leaving.signal]))
    const loadMs = performance.now() - began
    this.#loaded = { held, plan, loadMs, facts, before }
    this.parts.log.info({ build: held.build.id, runtime, loadMs: Math.round(loadMs), warnings }, 'the build is served')
  }

  /** What is held, and nothing that came after it. Throws `EngineError`. */
  async measure(): Promise<void> {
    const loaded = this.#loaded
    this.#loaded = null
    if (loaded) await this.#measure(loaded)
  }

  async letGo(): Promise<void> {
    this.#loaded = null
    await this.engine.unload()
  }

  async close(): Promise<void> {
    this.#leaving.abort()
    await this.engine.unload()
  }

  async #measure({ held, plan, ...loaded }: Loaded) {
    const { signal } = this.#leaving
    await pause(restMs, undefined, { signal }).catch(() => {})
    const { capabilities } = this.engine
    if (signal.aborted || capabilities?.build !== held.build.id) return
    const speeds = await measureSpeeds(this.engine, await this.parts.knownClip(), signal)
    const after = await this.parts.temperature()
    const residentBytes = this.engine.pid === null ? null : residentBytesOf(this.engine.pid)
    this.parts.onMeasured({
      build: held.build.id,
      at: this.parts.now(),
      deviceClass: deviceClassOf(loaded.facts),
      engine: capabilities.runtime,
      loadMs: loaded.loadMs,
      ...(residentBytes === null ? {} : { residentBytes }),
      ...(plan.estimatedBytes === null ? {} : { estimatedBytes: plan.estimatedBytes }),
      ...speeds,
      ...(loaded.before === undefined ? {} : { temperatureBeforeC: loaded.before }),
      ...(after === undefined ? {} : { temperatureAfterC: after }),
    })
  }

  #tell(state: EngineState) {
    if (state.is === 'failed')
      this.parts.log.error(
        { build: state.build, ...state.failure, retryAt: state.retryAt, said: this.engine.lastLines(5) },
        'the engine is not there',
      )
    if (state.is === 'ready') this.#runtime = this.engine.capabilities?.runtime ?? null
    if (this.#held) this.parts.onState(this.#held, state, this.#runtime)
  }
}

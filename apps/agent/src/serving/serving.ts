import { setTimeout as pause } from 'node:timers/promises'
import { deviceClassOf } from '@tradewind/fleet'
import type { Build, BuildMeasured, Facts } from '@tradewind/protocol'
import type { Logger } from 'pino'
import type { Capabilities, EngineState } from '../engine/engine'
import { EngineError } from '../engine/engine'
import { type Deaths, outOfMemoryKills } from '../engine/exit'
import { type KnownClip, measureSpeeds } from '../engine/measure'
import { residentBytesOf } from '../engine/resident-bytes'
import type { Runtime } from '../engine/runtime'
import { SupervisedEngine } from '../engine/supervised'
import { type LoadPlan, type LoadWish, loadFor } from './load-for'

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

/** After a load the machine is let come to rest before it is measured. */
const restMs = 2_000

/**
 * Holds one build and keeps it held: loads it, says how far that is, and measures it once it is ready.
 * A build that is replaced serves until the next one is asked for; then the engine holds the new one or says why not.
 */
export class Serving {
  readonly engine: SupervisedEngine
  #held: HeldHere | null = null
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
    this.#held = held
    const facts = await this.parts.facts()
    const plan = loadFor(held.build, held, facts, this.parts.wish)
    for (const { code, ...numbers } of plan.warnings)
      this.parts.log.warn({ build: held.build.id, code, ...numbers }, 'the build may not fit')
    const before = await this.parts.temperature()
    const began = performance.now()
    try {
      const { runtime, warnings } = await this.engine.load(plan.load, this.#leaving.signal)
      const loadMs = performance.now() - began
      this.parts.log.info(
        { build: held.build.id, runtime, loadMs: Math.round(loadMs), warnings },
        'the build is served',
      )
      await this.#measure(held, plan, { loadMs, facts, before })
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      if (error.code !== 'aborted') this.parts.log.error({ build: held.build.id, code: error.code }, error.message)
    }
  }

  async close(): Promise<void> {
    this.#leaving.abort()
    await this.engine.unload()
  }

  async #measure(held: HeldHere, plan: LoadPlan, loaded: { loadMs: number; facts: Facts; before?: number }) {
    const { signal } = this.#leaving
    await pause(restMs, undefined, { signal }).catch(() => {})
    const { capabilities } = this.engine
    if (signal.aborted || !capabilities) return
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

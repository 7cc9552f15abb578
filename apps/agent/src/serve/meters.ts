import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Ending, Engine, EngineState } from '../engine/engine'
import { WorkTally } from './work'

const engineStates: EngineState['is'][] = ['cold', 'loading', 'ready', 'draining', 'failed']

/** What the API counts, for `/metrics` and for the samples: numbers only, never a word of what was said. */
export class Meters {
  readonly registry = new Registry()
  /** the same since the last sample */
  readonly work: WorkTally
  #own = { registers: [this.registry] }

  #requests = new Counter({
    name: 'tradewind_api_requests_total',
    help: 'Requests answered, by endpoint and HTTP status; 499: the client went away.',
    labelNames: ['endpoint', 'code'],
    ...this.#own,
  })
  #errors = new Counter({
    name: 'tradewind_api_errors_total',
    help: 'Requests not answered as asked, by code.',
    labelNames: ['code'],
    ...this.#own,
  })
  #waitSeconds = new Histogram({
    name: 'tradewind_api_wait_seconds',
    help: 'How long a generation waited for its turn.',
    buckets: [0.01, 0.1, 0.5, 1, 5, 15, 60, 300],
    ...this.#own,
  })
  #promptTokens = new Counter({ name: 'tradewind_prompt_tokens_total', help: 'Tokens read.', ...this.#own })
  #promptSeconds = new Counter({
    name: 'tradewind_prompt_seconds_total',
    help: 'Time to the first token, summed; the encoding of sound included.',
    ...this.#own,
  })
  #generatedTokens = new Counter({ name: 'tradewind_generated_tokens_total', help: 'Tokens written.', ...this.#own })
  #generationSeconds = new Counter({
    name: 'tradewind_generation_seconds_total',
    help: 'Time spent writing, summed.',
    ...this.#own,
  })
  #tokensPerSecond = new Gauge({
    name: 'tradewind_tokens_per_second',
    help: 'Speed of writing in the last generation.',
    ...this.#own,
  })
  #audioSeconds = new Counter({ name: 'tradewind_audio_seconds_total', help: 'Sound heard, in seconds.', ...this.#own })
  #realTimeFactor = new Gauge({
    name: 'tradewind_real_time_factor',
    help: 'Seconds for a second of sound in the last file, decoding and waiting included.',
    ...this.#own,
  })

  constructor(engine: Engine, line: () => { waiting: number; running: number }) {
    this.work = new WorkTally(line)
    new Gauge({
      name: 'tradewind_api_waiting',
      help: 'Generations that wait for a turn.',
      ...this.#own,
      collect() {
        this.set(line().waiting)
      },
    })
    new Gauge({
      name: 'tradewind_api_running',
      help: 'Generations that run.',
      ...this.#own,
      collect() {
        this.set(line().running)
      },
    })
    new Gauge({
      name: 'tradewind_engine_state',
      help: '1 for the state the engine is in.',
      labelNames: ['state'],
      ...this.#own,
      collect() {
        for (const state of engineStates) this.set({ state }, engine.state.is === state ? 1 : 0)
      },
    })
  }

  answered(endpoint: string, code: number) {
    this.#requests.inc({ endpoint, code })
  }

  failed(code: string) {
    this.#errors.inc({ code })
  }

  /** A request was worked on, or was refused to be. */
  asked(hasFailed: boolean) {
    this.work.add({ requests: 1, failedRequests: hasFailed ? 1 : 0 })
  }

  queued(waiting: number) {
    this.work.queued(waiting)
  }

  waited(seconds: number) {
    this.#waitSeconds.observe(seconds)
  }

  /** The engine worked on one generation, to its end or not. */
  worked(seconds: number) {
    this.work.add({ engineSeconds: seconds })
  }

  generated({ promptTokens, promptMs, generatedTokens, generationMs }: Ending) {
    this.#promptTokens.inc(promptTokens)
    this.#promptSeconds.inc(promptMs / 1000)
    this.#generatedTokens.inc(generatedTokens)
    this.#generationSeconds.inc(generationMs / 1000)
    if (generationMs > 0) this.#tokensPerSecond.set(generatedTokens / (generationMs / 1000))
    this.work.add({ promptTokens, generatedTokens, generationSeconds: generationMs / 1000 })
  }

  /** A piece of a file was heard, in so many seconds of the engine. */
  heardPiece(audioSeconds: number, hearingSeconds: number) {
    this.#audioSeconds.inc(audioSeconds)
    this.work.add({ audioSeconds, hearingSeconds })
  }

  /** A file was heard to its end. */
  heardFile(audioSeconds: number, workSeconds: number) {
    if (audioSeconds > 0) this.#realTimeFactor.set(workSeconds / audioSeconds)
  }
}

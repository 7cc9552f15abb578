import type { Sample } from '@tradewind/protocol'
import type { Host } from '../host/host'
import type { HubClock } from '../link/clock'
import type { Outbox } from '../link/outbox'
import type { WorkSince } from '../serve/work'
import type { Sampler } from './sampler'

export type RecorderParts = {
  sampler: Pick<Sampler, 'sample'>
  /** what was done for programs since it was asked last */
  takeWork: () => WorkSince
  host: Pick<Host, 'uptimeMs' | 'bootId'>
  clock: HubClock
  outbox: Outbox
  /** random per start: names the samples of this process for ever, together with their numbers */
  stream: string
  sampleMs: number
  batchMs: number
  onBatch: () => void
}

const liveMs = 1_000
const mostPerBatch = 60

/**
 * Takes samples, keeps them in memory and puts them into the outbox as one batch a minute: a power cut may cost the
 * last unsent minute. While a person watches (a lease that runs out by itself) it is a sample and a batch a second.
 */
export class Recorder {
  #seq = 0
  #samples: Sample[] = []
  #timer: NodeJS.Timeout | null = null
  #liveUntil = 0
  #lastBatch = Number.NEGATIVE_INFINITY
  #taking: Promise<void> | null = null
  #stopped = false

  constructor(private parts: RecorderParts) {}

  /** The first sample comes a second after the first look, so that a person sees the device at once. */
  async start() {
    await this.parts.sampler.sample()
    this.#schedule(liveMs)
  }

  watch(leaseMs: number) {
    const wasLive = this.#isLive()
    this.#liveUntil = leaseMs > 0 ? this.parts.host.uptimeMs() + leaseMs : 0
    if (!wasLive && this.#isLive()) this.#schedule(0)
  }

  /** Puts what is in memory into the outbox and takes no more. */
  async stop() {
    this.#stopped = true
    if (this.#timer) clearTimeout(this.#timer)
    await this.#taking
    this.#batch()
  }

  #isLive = () => this.parts.host.uptimeMs() < this.#liveUntil

  #schedule(ms: number) {
    if (this.#timer) clearTimeout(this.#timer)
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      this.#taking ??= this.#take().finally(() => {
        this.#taking = null
        const { sampleMs } = this.parts
        // each device drifts through its own phase, so that a fleet switched on at once does not speak at once
        this.#schedule(this.#isLive() ? liveMs : sampleMs * (0.95 + Math.random() / 10))
      })
    }, ms)
  }

  async #take() {
    const { sampler, takeWork, host, clock, batchMs } = this.parts
    const figures = await sampler.sample()
    const moment = { mono: Math.round(host.uptimeMs()), at: clock.now() }
    this.#samples.push({ seq: ++this.#seq, ...moment, ...figures, ...takeWork() })
    const isDue = host.uptimeMs() - this.#lastBatch >= batchMs
    if (isDue || this.#isLive() || this.#samples.length >= mostPerBatch) this.#batch()
  }

  #batch() {
    if (this.#samples.length === 0) return
    const { outbox, stream, host, clock, onBatch } = this.parts
    const samples = this.#samples.splice(0)
    outbox.append({ leaf: 'telemetry', body: { stream, boot: host.bootId(), clock: clock.source, samples } })
    this.#lastBatch = host.uptimeMs()
    onBatch()
  }
}

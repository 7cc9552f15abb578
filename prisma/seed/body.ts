import { figureNames, type Work } from '@tradewind/protocol'
import type { SeedDevice } from './cast'
import { between, noise } from './chance'
import { hourOfWeek, weeks } from './days'
import type { Absence, Plot } from './story'

const dayMs = 86_400_000

/** What its engine holds of the host's memory, and how fast it is when all is well; null: it cannot do that. */
export type Serves = { heldBytes: number; tokensPerSecond: number | null; realTimeFactor: number | null }

export const sampleEveryMs = 10_000
/** A request keeps the engine busy for about so many samples. */
const requestSamples = 4

/**
 * What the sensors of a device would say, at any moment and in any order: the same moment always gives the same figures,
 * so that a chart of an hour and a chart of a month agree.
 */
export class Body {
  #role: Float64Array
  #eager: number
  #warm: number
  #total: number
  #free: number
  #swap: number
  #disk: number

  /** `absences` are in order. */
  constructor(
    readonly device: SeedDevice,
    readonly plot: Plot,
    readonly absences: readonly Absence[],
    readonly serves: Serves | null,
    private since: { seed: number; fromMs: number },
  ) {
    const { num, facts, labels } = device
    const { seed } = since
    this.#role = weeks[labels.role ?? 'counter'] ?? new Float64Array(168)
    this.#eager = between(0.45, 1, seed, num, 'eager')
    this.#warm = between(19, 26, seed, num, 'warm')
    this.#total = facts.memory?.totalBytes ?? 8e9
    this.#free = Math.max(
      0.16 * this.#total,
      (facts.memory?.availableBytes ?? 0.8 * this.#total) - (serves?.heldBytes ?? 0),
    )
    this.#swap = facts.memory?.swapTotalBytes ? 18e6 * between(0, 3, seed, num, 'swap') : 0
    this.#disk = facts.storage?.freeBytes ?? 0
  }

  /** Writes the figures into `out`, in the order of `figureNames`, NaN for what cannot be read; false when it is away. */
  sampleInto(out: Float64Array, atMs: number): boolean {
    if (this.isAway(atMs)) return false
    const { num, kind } = this.device
    const slot = Math.floor(atMs / sampleEveryMs)
    const n = (salt: number) => noise(num * 16 + salt, slot)
    const share = this.activity(atMs)
    const isBusy = this.isBusy(atMs)
    const cpu = isBusy ? 0.82 + 0.16 * n(1) : 0.015 + 0.06 * n(1)
    const cores = this.device.facts.cpu?.logicalCores ?? 4
    out[0] = cpu
    out[1] = cores * share * 0.85 + (isBusy ? 0.7 : 0.1) + 0.2 * n(2)
    out[2] = Math.round(this.#free - 7e7 * share - 3e7 * n(3))
    out[3] = Math.round(this.#swap * (0.9 + 0.2 * n(4)))
    out[4] = kind.heats === null ? Number.NaN : this.#celsius(atMs, share, isBusy, kind.heats)
    out[5] = Math.round(this.#disk - ((atMs - this.since.fromMs) / dayMs) * 2.1e6 - 4096 * Math.floor(900 * n(5)))
    out[6] = isBusy ? Math.round(2e5 * n(6)) : Math.round(3e3 * n(6))
    out[7] = Math.round((isBusy ? 4.2e4 : 9e3) * (0.5 + n(7)))
    out[8] = Math.round((isBusy ? 3.4e4 : 900) * (0.6 + 0.8 * n(8)))
    out[9] = Math.round((isBusy ? 5.5e3 : 700) * (0.6 + 0.8 * n(9)))
    out[10] = Math.round(69e6 + 6e6 * n(10) + (num % 7) * 4e5)
    this.#serveInto(out, atMs, isBusy, share)
    return true
  }

  /** What it waits for and how fast it is; NaN where it serves nothing, or had nothing to do. */
  #serveInto(out: Float64Array, atMs: number, isBusy: boolean, share: number) {
    const { tokensPerSecond = null, realTimeFactor = null } = this.serves ?? {}
    const near = 0.95 + 0.1 * noise(this.device.num * 16 + 12, Math.floor(atMs / sampleEveryMs))
    const speed = this.plot.speed(atMs) * near
    out[11] = this.serves === null ? Number.NaN : isBusy ? Math.floor(share * 4 * near * near) : 0
    out[12] = isBusy && tokensPerSecond !== null ? round(tokensPerSecond * speed) : Number.NaN
    out[13] = isBusy && realTimeFactor !== null ? round(realTimeFactor / speed) : Number.NaN
  }

  /** What it did for programs in the seconds since the last sample, or on average in any other span. */
  workIn(seconds: number, share: number, speed: number): Required<Work> | null {
    if (this.serves === null || share <= 0) return null
    const { tokensPerSecond, realTimeFactor } = this.serves
    const engineSeconds = seconds * share
    const generationSeconds = engineSeconds * (realTimeFactor === null ? 0.85 : 0.55)
    const requests = engineSeconds / (requestSamples * (sampleEveryMs / 1000))
    return {
      ...{ requests, failedRequests: requests * 0.004 * (2 - speed) },
      ...{ engineSeconds, generationSeconds },
      generatedTokens: generationSeconds * (tokensPerSecond ?? 0) * speed,
      promptTokens: requests * (realTimeFactor === null ? 900 : 420),
      audioSeconds: realTimeFactor === null ? 0 : (engineSeconds * speed) / realTimeFactor,
      hearingSeconds: realTimeFactor === null ? 0 : engineSeconds,
    }
  }

  /** What it did since the sample before this one; nothing is undefined. */
  workAt(atMs: number): Work | undefined {
    if (!this.isBusy(atMs)) return undefined
    const slot = Math.floor(atMs / sampleEveryMs)
    const done = this.workIn(sampleEveryMs / 1000, 1, this.plot.speed(atMs))
    if (!done) return undefined
    const requests = slot % requestSamples === requestSamples - 1 ? 1 : 0
    const failedRequests = noise(this.device.num, slot) < 0.004 ? requests : 0
    const whole = { generatedTokens: Math.round(done.generatedTokens), promptTokens: Math.round(done.promptTokens) }
    const { audioSeconds, hearingSeconds, engineSeconds, generationSeconds } = done
    return { ...{ requests, failedRequests, audioSeconds, hearingSeconds, engineSeconds, generationSeconds }, ...whole }
  }

  /** Whether it works on something at the moment: the samples and what they say of work agree. */
  isBusy(atMs: number): boolean {
    return noise(this.device.num, Math.floor(Math.floor(atMs / sampleEveryMs) / requestSamples)) < this.activity(atMs)
  }

  /** Share of the time in which it works on something, from 0 to 0.97; nothing where it serves nothing. */
  activity(atMs: number): number {
    if (this.serves === null) return 0.02
    const hour = hourOfWeek(atMs)
    const at = Math.floor(hour)
    const [now = 0, next = 0] = [this.#role[at], this.#role[(at + 1) % 168]]
    const wave = 0.85 + 0.3 * noise(this.device.num, Math.floor(atMs / 900_000))
    return Math.min(0.97, (now + (next - now) * (hour - at)) * this.#eager * wave * this.plot.load(atMs))
  }

  isAway(atMs: number): boolean {
    let [low, high] = [0, this.absences.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const one = this.absences[middle]
      if (one && one.toMs <= atMs) low = middle + 1
      else high = middle
    }
    return (this.absences[low]?.fromMs ?? Number.POSITIVE_INFINITY) <= atMs
  }

  /** It follows the work of the last minutes, not of the moment; firmware holds it just below 88 °C. */
  #celsius(atMs: number, share: number, isBusy: boolean, heats: number): number {
    const room = 2.5 * Math.sin(((atMs / dayMs) * 2 - 0.9) * Math.PI)
    const own = this.#warm + 14 + room + heats * 0.8 * share + (isBusy ? 2.6 : 0) + this.plot.heat(atMs)
    const celsius = own + 0.9 * noise(this.device.num * 16 + 11, Math.floor(atMs / sampleEveryMs))
    return Math.round((celsius < 82 ? celsius : 82 + (celsius - 82) * 0.35) * 20) / 20
  }
}

const round = (value: number) => Math.round(value * 100) / 100

export const figureCount = figureNames.length

import { Meter } from '@tradewind/artifacts/progress'

/** Whoever is refused comes back after 1 to this many seconds: devices are patient for five minutes. */
const longestWaitSeconds = 240
/** When nothing was measured yet. */
const usualWaitSeconds = 5

export type Transfer = { sent: (bytes: number) => void; end: () => void }
type Begun = { ok: true; transfer: Transfer } | { ok: false; retryAfterSeconds: number }

/**
 * How many bodies are sent at once. Whoever finds no place is told when to come back: places become free at the measured speed over
 * the mean size of what is being sent, and those who were sent away before have their turn first.
 */
export class Transfers {
  #running = new Set<{ bytes: number }>()
  /** by device: when it was told to come back */
  #waiting = new Map<string, number>()
  #meter: Meter

  constructor(
    private most: number,
    private nowMs: () => number = () => performance.now(),
  ) {
    this.#meter = new Meter(0, 0, nowMs)
  }

  get count() {
    return this.#running.size
  }

  begin(deviceId: string, bytes: number): Begun {
    if (this.#running.size >= this.most) return { ok: false, retryAfterSeconds: this.#sendAway(deviceId) }
    this.#waiting.delete(deviceId)
    const one = { bytes }
    this.#running.add(one)
    return {
      ok: true,
      transfer: { sent: (sent) => void this.#meter.count(sent), end: () => void this.#running.delete(one) },
    }
  }

  #sendAway(deviceId: string): number {
    for (const [id, untilMs] of this.#waiting) if (untilMs < this.nowMs()) this.#waiting.delete(id)
    const known = this.#waiting.get(deviceId)
    const seconds = known === undefined ? this.#waitSeconds() : Math.max(1, Math.ceil((known - this.nowMs()) / 1000))
    if (known === undefined) this.#waiting.set(deviceId, this.nowMs() + seconds * 1000)
    return seconds
  }

  #waitSeconds(): number {
    const { bytesPerSecond } = this.#meter.read('')
    if (!bytesPerSecond) return usualWaitSeconds
    const meanBytes = [...this.#running].reduce((sum, { bytes }) => sum + bytes, 0) / this.#running.size
    const seconds = ((this.#waiting.size + 1) * meanBytes) / bytesPerSecond
    return Math.min(longestWaitSeconds, Math.max(1, Math.ceil(seconds)))
  }
}

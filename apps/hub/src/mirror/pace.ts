import { type Clock, realClock } from '@tradewind/artifacts/fetch-file'

type PaceClock = Pick<Clock, 'nowMs' | 'sleep'>

/**
 * Bytes a second over all who share it; null: as fast as it goes. In any stretch of time no more pass than the rate gives for it,
 * and one piece.
 */
export class Pace {
  #freeAtMs = 0

  constructor(
    readonly bytesPerSecond: number | null,
    private clock: PaceClock = realClock,
  ) {}

  /** Waits until the piece may go; those who wait go in the order in which they came. */
  async take(bytes: number, signal: AbortSignal) {
    if (this.bytesPerSecond === null) return
    const nowMs = this.clock.nowMs()
    const turnMs = Math.max(this.#freeAtMs, nowMs)
    this.#freeAtMs = turnMs + (bytes * 1000) / this.bytesPerSecond
    if (turnMs > nowMs) await this.clock.sleep(turnMs - nowMs, signal)
  }
}

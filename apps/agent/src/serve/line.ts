import { Problem } from './problem'
import { Turnstile } from './turnstile'

/** What the line tells of itself: how many wait when one more does, and how long one waited. */
export type LineMeters = { queued(waiting: number): void; waited(seconds: number): void }

/** Of a new measurement in the mean: the last five or so requests count. */
const weightOfNewest = 0.2
const secondsWhenUnmeasured = 5
const mostRetryAfter = 600

/**
 * The one queue before the engine. A request is admitted once, or told when to come back; then it takes a turn for each
 * generation, so that a long file does not keep a short question waiting. At most `slots + mostWaiting` requests are in it,
 * and each waits for one turn at a time.
 */
export class Line {
  #turnstile: Turnstile
  #requests = 0
  /** seconds of the engine that one request takes; null until one has ended */
  #meanSeconds: number | null = null

  constructor(
    private slots: () => number,
    private mostWaiting: number,
    private uptimeMs: () => number,
    private meters: LineMeters,
  ) {
    this.#turnstile = new Turnstile(slots)
  }

  /** requests that wait for a turn now */
  get waiting() {
    return this.#turnstile.waiting
  }

  /** generations that run now */
  get running() {
    return this.#turnstile.inside
  }

  /** There may be more slots than before. */
  slotsChanged() {
    this.#turnstile.admit()
  }

  /** Throws the problem with its Retry-After when the line is full. */
  mustHaveRoom(): void {
    if (this.#requests >= this.slots() + this.mostWaiting) throw this.#full()
  }

  /** Takes a place, if there is room; it must be left in the end. */
  enter(client: string, signal: AbortSignal): Place {
    this.mustHaveRoom()
    this.#requests++
    return new Place(
      async () => {
        const asked = this.uptimeMs()
        const turn = this.#turnstile.turn(client, signal)
        this.meters.queued(this.waiting)
        const exit = await turn
        this.meters.waited((this.uptimeMs() - asked) / 1000)
        return exit
      },
      this.uptimeMs,
      (seconds) => this.#left(seconds),
    )
  }

  #left(engineSeconds: number) {
    this.#requests--
    if (engineSeconds === 0) return
    const mean = this.#meanSeconds ?? engineSeconds
    this.#meanSeconds = mean + weightOfNewest * (engineSeconds - mean)
  }

  /** Tells to come back when those that wait now will have been served, by the speed measured. */
  #full() {
    const served = this.#meanSeconds === null ? null : (this.#meanSeconds * this.mostWaiting) / this.slots()
    const retryAfterSeconds = Math.min(mostRetryAfter, Math.max(1, Math.ceil(served ?? secondsWhenUnmeasured)))
    return new Problem(
      429,
      'queue-full',
      `This device has as many requests as it takes (${this.#requests}). Send this one again in ${retryAfterSeconds} s.`,
      { retryAfterSeconds },
    )
  }
}

/** One request's place in the line. */
export class Place {
  #engineMs = 0
  #isLeft = false

  constructor(
    private turnOf: () => Promise<() => void>,
    private uptimeMs: () => number,
    private left: (engineSeconds: number) => void,
  ) {}

  /** Waits for a turn at the engine; call what it gives to end it. */
  async turn(): Promise<() => void> {
    const exit = await this.turnOf()
    const began = this.uptimeMs()
    return () => {
      this.#engineMs += this.uptimeMs() - began
      exit()
    }
  }

  leave(): void {
    if (this.#isLeft) return
    this.#isLeft = true
    this.left(this.#engineMs / 1000)
  }
}

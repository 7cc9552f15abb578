import { realTimeFactorOf, tokensPerSecondOf } from '@tradewind/fleet'
import { addWork, type Sample, type Work } from '@tradewind/protocol'

/** What a sample says of the API. */
export type WorkSince = Pick<Sample, 'requestsWaiting' | 'tokensPerSecond' | 'realTimeFactor' | 'work'>

/** Adds up what the API does between two samples: numbers only, never a word of what was said. */
export class WorkTally {
  #done: Work = {}
  #mostWaiting = 0

  /** `waiting`: how many requests wait for a turn now */
  constructor(private waiting: () => number) {}

  add(done: Work) {
    this.#done = addWork(this.#done, done)
  }

  /** So many wait: more than before, or as many. */
  queued(waiting: number) {
    this.#mostWaiting = Math.max(this.#mostWaiting, waiting)
  }

  /**
   * What was done since this was asked last. Where nobody asked for anything it is one number, that nobody waits: it tells
   * an idle device from one that serves nothing, and costs a byte in the hub's database.
   */
  take(): WorkSince {
    const done = rounded(this.#done)
    const requestsWaiting = this.#mostWaiting
    this.#done = {}
    this.#mostWaiting = this.waiting()
    const [tokensPerSecond, realTimeFactor] = [tokensPerSecondOf(done), realTimeFactorOf(done)]
    return {
      requestsWaiting,
      ...(tokensPerSecond !== null && { tokensPerSecond: toMost(2, tokensPerSecond) }),
      ...(realTimeFactor !== null && { realTimeFactor: toMost(3, realTimeFactor) }),
      ...(Object.keys(done).length > 0 && { work: done }),
    }
  }
}

/** More digits mean nothing, and cost their bytes on every uplink. Of tokens and requests there are whole ones only. */
const rounded = (done: Work): Work =>
  Object.fromEntries(Object.entries(done).map(([name, value]) => [name, toMost(3, value)]))

const toMost = (places: number, value: number) => Number(value.toFixed(places))

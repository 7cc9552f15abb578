import { addWork, type Sample, type Work } from '@tradewind/protocol'

/** What a sample says of the API. */
export type WorkSince = Pick<Sample, 'requestsWaiting' | 'work'>

/** Adds up what the API does between two samples: numbers only, never a word of what was said. */
export class WorkTally {
  #done: Work = {}
  #mostWaiting = 0

  constructor(private line: () => { waiting: number; running: number }) {}

  add(done: Work) {
    this.#done = addWork(this.#done, done)
  }

  /** So many wait, when one more does. */
  queued(waiting: number) {
    this.#mostWaiting = Math.max(this.#mostWaiting, waiting)
  }

  /**
   * What was done since this was asked last. Nothing at all where nobody asked for anything, as most devices are most of
   * the time: a zero with every sample would be a tenth of all that an idle device sends.
   */
  take(): WorkSince {
    const { waiting, running } = this.line()
    const [done, requestsWaiting] = [rounded(this.#done), this.#mostWaiting]
    this.#done = {}
    this.#mostWaiting = waiting
    const hasDone = Object.keys(done).length > 0
    if (!hasDone && requestsWaiting + running === 0) return {}
    return { requestsWaiting, ...(hasDone && { work: done }) }
  }
}

/** More digits mean nothing, and cost their bytes on every uplink. Of tokens and requests there are whole ones only. */
const rounded = (done: Work): Work =>
  Object.fromEntries(Object.entries(done).map(([name, value]) => [name, Number(value.toFixed(2))]))

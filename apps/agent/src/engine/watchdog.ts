import type { Ending, Generation } from './engine'

export const isHung = Symbol('hung')

/** Sound is read as so many tokens a second; text as about one for four characters. */
const tokensPerSoundSecond = 25
const charactersPerToken = 4
/** The slowest that was seen of any engine: a second of reading for a token of sound, unaccelerated. */
const slowestMsPerToken = 1_000
/** How much slower than it was measured to be an engine may become (heat, a busy machine) before it counts as hung. */
const patience = 20

/** How fast an engine reads, learned from what it did. */
export class Pace {
  #msPerToken: number | null = null

  learn(request: Generation, { promptMs }: Ending) {
    const now = promptMs / tokensOf(request)
    this.#msPerToken = Math.max(now, this.#msPerToken ?? 0)
  }

  /** Milliseconds to read a token, at worst. */
  get msPerToken() {
    return this.#msPerToken === null ? slowestMsPerToken : Math.min(slowestMsPerToken, this.#msPerToken * patience)
  }
}

/** For how long an engine may say nothing: before its first piece, and between two. Milliseconds. */
export const limitsOf = (request: Generation, pace: Pace, leastMs = 60_000) => ({
  firstMs: leastMs + tokensOf(request) * pace.msPerToken,
  nextMs: leastMs,
})

/** About how many tokens a request has, at least one. */
const tokensOf = ({ turns }: Generation) =>
  turns
    .flatMap(({ parts }) => parts)
    .reduce(
      (sum, part) =>
        sum +
        (part.is === 'text'
          ? part.text.length / charactersPerToken
          : (part.samples.length / 16_000) * tokensPerSoundSecond),
      1,
    )

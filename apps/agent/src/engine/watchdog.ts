import type { Ending, Generation } from './engine'

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

export type Limits = { firstMs: number; nextMs: number }

/**
 * Looks whether a process still lives, by all that it does at once: a request that waits for another one's end is not dead. So
 * silence counts from the last piece of any of them, or from when it was waited for; and it may last for as long as the most
 * patient of them allows.
 */
export class Watch {
  /** by generation: how long it may be silent, in milliseconds */
  #allowed = new Map<symbol, number>()
  #lastSign = 0

  begin(allowedMs: number): symbol {
    const generation = Symbol('generation')
    this.#allowed.set(generation, allowedMs)
    return generation
  }

  sign(generation: symbol, allowedMs: number) {
    this.#lastSign = performance.now()
    this.#allowed.set(generation, allowedMs)
  }

  end(generation: symbol) {
    this.#lastSign = performance.now()
    this.#allowed.delete(generation)
  }

  /** What a step comes to, or that the process was silent for too long before that. */
  async orHung<T>(step: Promise<T>): Promise<T | Hung> {
    const waitsSince = performance.now()
    for (;;) {
      const silentMs = performance.now() - Math.max(waitsSince, this.#lastSign)
      const leftMs = Math.max(...this.#allowed.values()) - silentMs
      if (leftMs <= 0) return new Hung(Math.round(silentMs))
      const outcome = await orSilence(step, leftMs)
      if (outcome !== isSilent) return outcome
    }
  }
}

/** `silentMs`: for how long nothing came, in milliseconds. */
export class Hung {
  constructor(readonly silentMs: number) {}
}

const isSilent = Symbol('silent')

async function orSilence<T>(step: Promise<T>, ms: number): Promise<T | typeof isSilent> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<typeof isSilent>((resolve) => {
    timer = setTimeout(() => resolve(isSilent), ms)
  })
  try {
    return await Promise.race([step, silence])
  } finally {
    clearTimeout(timer)
  }
}

/** For how long an engine may say nothing: before its first piece, and between two. Milliseconds. */
export const limitsOf = (request: Generation, pace: Pace, leastMs = 60_000): Limits => ({
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

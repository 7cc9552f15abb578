import { sampleRate } from './clip'

/** Zero crossings of the sinc on each side, and Kaiser's beta: with them 80 dB of attenuation from 9 kHz on. */
const crossings = 16
const beta = 8

/** The share of the narrower band that passes: the filter is half as high at 7.68 kHz of 8. */
const passed = 0.96

function bessel(x: number): number {
  let [sum, term] = [1, 1]
  for (let k = 1; term > sum * 1e-9; k++) {
    term *= (x / (2 * k)) ** 2
    sum += term
  }
  return sum
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}

/**
 * Sound of another rate at `sampleRate`, block after block: a windowed sinc, one set of weights for each place that an
 * output sample can have between two input samples. What the new rate cannot hold is filtered out, so that it does not
 * come back as another tone. The output is in time with the input: sample 0 is sample 0.
 */
export class Resampler {
  readonly #up: number
  readonly #down: number
  readonly #reach: number
  readonly #weights = new Map<number, Float32Array>()
  readonly #scale: number
  #held: Float32Array
  #heldFrom: number
  #taken = 0
  #given = 0

  /** `from`: samples per second of the input, a whole number. */
  constructor(from: number) {
    const common = gcd(from, sampleRate)
    this.#up = sampleRate / common
    this.#down = from / common
    this.#scale = passed * Math.min(1, sampleRate / from)
    this.#reach = Math.ceil(crossings / this.#scale)
    this.#held = new Float32Array(this.#reach) // silence before the beginning
    this.#heldFrom = -this.#reach
  }

  push(block: Float32Array): Float32Array {
    if (this.#up === this.#down) return block
    this.#taken += block.length
    return this.#filtered(block)
  }

  /** What the last samples still give; nothing may be pushed afterwards. */
  end(): Float32Array {
    if (this.#up === this.#down) return new Float32Array(0)
    const wanted = Math.round((this.#taken * this.#up) / this.#down) - this.#given
    return this.#filtered(new Float32Array(this.#reach + 1)).slice(0, Math.max(0, wanted))
  }

  #filtered(block: Float32Array): Float32Array {
    const input = new Float32Array(this.#held.length + block.length)
    input.set(this.#held)
    input.set(block, this.#held.length)
    const end = this.#heldFrom + input.length
    const output = new Float32Array(Math.ceil((input.length * this.#up) / this.#down) + 1)
    let length = 0
    for (; ; this.#given++) {
      const place = this.#given * this.#down
      const before = Math.floor(place / this.#up)
      if (before + this.#reach >= end) break
      output[length++] = this.#sum(input, before - this.#reach + 1 - this.#heldFrom, place % this.#up)
    }
    const needed = Math.floor((this.#given * this.#down) / this.#up) - this.#reach + 1
    this.#held = input.slice(Math.min(input.length, Math.max(0, needed - this.#heldFrom)))
    this.#heldFrom = end - this.#held.length
    return output.subarray(0, length)
  }

  #sum(input: Float32Array, from: number, phase: number): number {
    const weights = this.#weightsAt(phase)
    let sum = 0
    for (let k = 0; k < weights.length; k++) sum += (weights[k] as number) * (input[from + k] as number)
    return sum
  }

  /** The weights of the samples around a place that lies `phase / up` after a sample; together they are 1. */
  #weightsAt(phase: number): Float32Array {
    const known = this.#weights.get(phase)
    if (known) return known
    const weights = new Float32Array(2 * this.#reach)
    let total = 0
    for (let k = 0; k < weights.length; k++) {
      const away = k - this.#reach + 1 - phase / this.#up
      const x = Math.PI * this.#scale * away
      const edge = away / this.#reach
      const window = Math.abs(edge) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - edge * edge)) / bessel(beta)
      weights[k] = (x === 0 ? 1 : Math.sin(x) / x) * window
      total += weights[k] as number
    }
    for (let k = 0; k < weights.length; k++) weights[k] = (weights[k] as number) / total
    this.#weights.set(phase, weights)
    return weights
  }
}

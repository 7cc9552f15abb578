import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleRate } from './clip'
import { Resampler } from './resample'

const tone = (hertz: number, rate: number, seconds = 1) =>
  Float32Array.from({ length: Math.round(rate * seconds) }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate))

function resampled(input: Float32Array, from: number, blocks: number[] = [input.length]): Float32Array {
  const resampler = new Resampler(from)
  const parts: Float32Array[] = []
  let at = 0
  for (const length of blocks) {
    parts.push(resampler.push(input.subarray(at, at + length)))
    at += length
  }
  parts.push(resampler.push(input.subarray(at)), resampler.end())
  return Float32Array.from(parts.flatMap((part) => [...part]))
}

/** Decibels against a full tone of the same height, away from both ends. */
function level(output: Float32Array): number {
  const middle = output.subarray(2000, output.length - 2000)
  const power = middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length
  return 10 * Math.log10(power / 0.125)
}

describe('a tone of another rate', () => {
  const rates = [8000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000, 192_000]
  test.each(rates.filter((rate) => rate > 18_000))('of 9 kHz at %i Hz is gone, 80 dB down', (rate) => {
    expect(level(resampled(tone(9000, rate), rate))).toBeLessThan(-80)
  })

  test.each(rates)('of 300, 1000 and 3000 Hz at %i Hz keeps its height within 0.1 dB', (rate) => {
    for (const hertz of [300, 1000, 3000]) expect(Math.abs(level(resampled(tone(hertz, rate), rate)))).toBeLessThan(0.1)
  })

  test.each(rates.filter((rate) => rate > 16_000))('of 7 kHz at %i Hz keeps its height within 0.5 dB', (rate) => {
    expect(Math.abs(level(resampled(tone(7000, rate), rate)))).toBeLessThan(0.5)
  })

  test.each(rates)('at %i Hz is the same tone at the same time', (rate) => {
    const output = resampled(tone(1000, rate), rate)
    const wanted = tone(1000, sampleRate)
    expect(output.length).toBe(wanted.length)
    const apart = output.map((sample, i) => Math.abs(sample - (wanted[i] as number))).subarray(100, -100)
    expect(Math.max(...apart)).toBeLessThan(0.005)
  })
})

test('how the input is cut into blocks changes nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(8000, 11_025, 16_000, 44_100, 48_000),
      fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 8 }),
      (rate, blocks) => {
        const input = tone(440, rate, 0.1)
        expect(resampled(input, rate, blocks)).toEqual(resampled(input, rate))
      },
    ),
  )
})

test('n samples become n times the ratio of the rates, rounded', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4000, max: 192_000 }), fc.integer({ min: 0, max: 3000 }), (rate, length) => {
      expect(resampled(new Float32Array(length), rate).length).toBe(Math.round((length * sampleRate) / rate))
    }),
    { numRuns: 40 },
  )
})

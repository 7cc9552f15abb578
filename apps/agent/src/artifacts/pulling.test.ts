import { Meter } from '@tradewind/artifacts/progress'
import { ArtifactError } from '@tradewind/artifacts/trouble'
import { gemma4, type PlacementDevice } from '@tradewind/fleet'
import { describe, expect, test } from 'vitest'
import { recommend } from './recommend'
import { barOf, durationWords, progressWords } from './words'

const GiB = 1024 ** 3
const device = (totalGiB: number): PlacementDevice => ({
  deviceClass: 'v1:test',
  facts: {
    memory: { totalBytes: totalGiB * GiB, availableBytes: totalGiB * 0.9 * GiB },
    os: { platform: 'linux', name: 'Debian', kernel: '6' },
  },
})

describe('the build of a variant for a device', () => {
  test('is the one that placement scores highest among those that fit', () => {
    const large = recommend('e2b', device(16), gemma4)
    expect(large.build).toMatchObject({ variant: 'e2b', engine: 'llama-server' })
    expect(large.because).toBe('best for transcription of the 7 builds of Gemma 4 E2B on this device')
  })

  test('has fewer bits where memory is short', () => {
    const bitsOn = (totalGiB: number) => recommend('e2b', device(totalGiB), gemma4).build.bitsPerWeight
    expect(bitsOn(6)).toBeLessThan(bitsOn(16))
  })

  test('does not exist where nothing fits, and each build says why', () => {
    try {
      recommend('31b', device(8), gemma4)
      expect.unreachable()
    } catch (error) {
      const trouble = error instanceof ArtifactError ? error.trouble : null
      expect(trouble).toMatchObject({ code: 'nothing-fits', variant: '31b' })
      expect(String(error)).toContain('31b-q4_k_m: it needs')
      expect(String(error)).not.toContain('not resolved')
    }
  })
})

describe('progress', () => {
  let nowMs = 0
  const meter = new Meter(1_000, 100, () => nowMs)

  test('has no speed before there is anything to measure, then that of the last ten seconds', () => {
    expect(meter.read('there')).toEqual({
      source: 'there',
      doneBytes: 100,
      totalBytes: 1_000,
      bytesPerSecond: null,
      etaSeconds: null,
    })
    nowMs = 1_000
    expect(meter.count(100)).toBe(true)
    expect(meter.read('there')).toMatchObject({ doneBytes: 200, bytesPerSecond: 100, etaSeconds: 8 })
    nowMs = 1_100
    expect(meter.count(0)).toBe(false)
    for (; nowMs < 20_000; nowMs += 500) meter.count(10)
    nowMs -= 500
    expect(meter.read('there').bytesPerSecond).toBeCloseTo(20, 0)
  })

  test.each([
    [0, '0:00'],
    [59.2, '1:00'],
    [3_725, '1:02:05'],
  ])('%d seconds are %s', (seconds, words) => expect(durationWords(seconds)).toBe(words))

  test('is one line', () => {
    const half = { source: 'stick', doneBytes: 2 ** 29, totalBytes: 2 ** 30, bytesPerSecond: 2 ** 20, etaSeconds: 512 }
    expect(`${barOf(half, 10)} ${progressWords(half)}`).toBe(
      '[#####.....] 50 % of 1.00 GiB, 1.0 MiB/s, 8:32 to go, from stick',
    )
  })
})

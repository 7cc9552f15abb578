import type { Build, Facts, Variant } from '@tradewind/protocol'
import { describe, expect, test } from 'vitest'
import { gemma4 } from '../catalogue/catalogue'
import { decide } from './decide'
import { measuredBy } from './device'
import { device, GB, pi, resolved, transcribe } from './example'
import type { Pool } from './pools'
import { knownSpeeds, predictSpeed, realTimeFactor } from './speed'

describe('speed', () => {
  const variant = (id: string) => gemma4.variants.find((one) => one.id === id) as Variant
  const build = (id: string) => gemma4.builds.find((one) => one.id === id) as Build
  const predicted = (id: string, facts: Facts, pool: Pool['kind'] = 'memory', catalogue = gemma4) => {
    const of = build(id)
    return predictSpeed(variant(of.variant), of, { facts, pool, known: knownSpeeds(catalogue, facts), derating: 1 })
  }

  test('of a Pi 5 is what was published', () => {
    expect(predicted('e2b-q4_k_m', pi)).toEqual({
      from: 'published',
      promptPerSecond: 32,
      generationPerSecond: 6.2,
      derating: 1,
    })
  })

  test('on a card is not that of the board that it sits on', () => {
    expect(predicted('e2b-q4_k_m', pi, 'cards')).toEqual({ from: 'unknown', derating: 1 })
  })

  test('of E2B in Q8_0 follows from the bandwidth: 11.8 tokens/s were measured at 37.6 GB/s', () => {
    const facts: Facts = {
      cpu: { architecture: 'x86_64', model: 'AMD EPYC', logicalCores: 2, physicalCores: 2, features: ['avx512f'] },
      memory: { totalBytes: 24 * GB, bandwidthBytesPerSecond: 37.6 * GB },
    }
    const { from, promptPerSecond = 0, generationPerSecond = 0 } = predicted('e2b-q8_0', facts)
    expect(from).toBe('computed')
    expect(generationPerSecond).toBeCloseTo(11.7, 1)
    expect(Math.abs(promptPerSecond - 56.3)).toBeLessThan(1)
  })

  test.each([
    // as if these had not been published: how rough is what is computed?
    ['31b-q4_k_m', 'Apple M5 Max', 24.9],
    ['e2b-q8_0', 'Apple M5 Max', 119],
    ['26b-a4b-ud-q4_k_m', 'Apple M5 Max', 111],
  ])('of %s on an %s is computed near the published %d tokens/s', (id, model, published) => {
    const facts: Facts = { cpu: { architecture: 'arm64', model, logicalCores: 16, features: [] } }
    const { from, generationPerSecond = 0 } = predicted(id, facts, 'unified', { ...gemma4, speeds: [] })
    expect(from).toBe('computed')
    expect(generationPerSecond / published).toBeGreaterThan(0.75)
    expect(generationPerSecond / published).toBeLessThan(1.7)
  })

  test('is measured before anything else', () => {
    const measured = measuredBy([{ build: 'e2b-q8_0', deviceClass: 'v1:0000000000000001', generationPerSecond: 5 }])
    const { candidates } = decide(device(), resolved, transcribe, measured)
    expect(candidates.find(({ build }) => build === 'e2b-q8_0')?.speed).toEqual({
      from: 'measured',
      promptPerSecond: 32,
      generationPerSecond: 5,
      derating: 1,
    })
  })

  test.each<[string, Partial<Facts>, number]>([
    ['a cool Pi', {}, 1],
    ['an undervolted Pi', { throttling: { now: ['undervoltage', 'throttled'], sinceBoot: [] } }, 0.63],
    ['a hot Pi', { throttling: { now: ['soft-temperature-limit'], sinceBoot: [] } }, 0.85],
    ['a Pi that was hot', { throttling: { now: [], sinceBoot: ['throttled'] } }, 1],
    ['one on a battery', { power: { source: 'battery' } }, 0.8],
  ])('of %s is derated', (_, more, derating) => {
    const [candidate] = decide(device(more), resolved, transcribe).candidates
    expect(candidate?.speed?.derating).toBeCloseTo(derating, 5)
  })

  test.each([
    // prompt and generation in tokens/s, seconds of a clip: factor, published estimates for E2B
    [32, 6.4, 30, false, 1.4],
    [32, 6.4, 30, true, 1.9],
    [133, 8, 30, false, 0.6],
    [133, 8, 10, false, 0.7],
  ])(
    'reading %d and writing %d tokens/s, %i s of speech: %s, factor %d',
    (promptPerSecond, generationPerSecond, clip, translates, factor) => {
      const speed = { from: 'published' as const, promptPerSecond, generationPerSecond, derating: 1 }
      expect(realTimeFactor(speed, clip, translates)).toBeCloseTo(factor, 1)
    },
  )
})

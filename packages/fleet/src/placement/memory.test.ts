import type { Build, Variant } from '@tradewind/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gemma4 } from '../catalogue/catalogue'
import { type CacheType, cacheBytes, cacheTypes, computeBytes, longestContext, memoryNeed } from './memory'

const variant = (id: string) => gemma4.variants.find((one) => one.id === id) as Variant
const build = (id: string) => gemma4.builds.find((one) => one.id === id) as Build
const options = (context: number, cacheType: CacheType = 'f16', microBatch = 512, slots = 1) => ({
  ...{ context, cacheType, microBatch, slots },
})
const MiB = 2 ** 20

describe('the cache', () => {
  test.each<[number, CacheType, number, number, number]>([
    // context, type, micro-batch, MiB of the global layers, of the sliding ones: llama.cpp's own log, E2B's shape
    [4_096, 'f16', 512, 24, 12],
    [32_768, 'f16', 512, 192, 12],
    [131_072, 'f16', 512, 768, 12],
    [131_072, 'q8_0', 512, 408, 6.375],
    [32_768, 'f16', 128, 192, 9],
  ])(
    'of E2B at %i tokens in %s, micro-batch %i, is what llama.cpp allocates',
    (context, type, batch, global, sliding) => {
      const { cacheGlobal, cacheSliding } = cacheBytes(variant('e2b'), options(context, type, batch))
      expect([cacheGlobal / MiB, cacheSliding / MiB]).toEqual([global, sliding])
    },
  )

  test.each([
    // MB in f16 and q8_0 by the published shapes
    ['e2b', 8_192, 63, 33],
    ['e2b', 131_072, 818, 435],
    ['e4b', 32_768, 579, 307],
    ['e4b', 131_072, 2_189, 1_163],
    ['12b', 8_192, 638, 339],
    ['12b', 262_144, 4_798, 2_549],
    ['26b-a4b', 80_000, 1_953, 1_038],
    ['26b-a4b', 262_144, 5_683, 3_019],
    ['31b', 32_768, 3_943, 2_095],
    ['31b', 131_072, 11_996, 6_373],
    ['31b', 262_144, 22_733, 12_077],
  ])('of %s at %i tokens is %i MB, quantised %i MB', (id, context, f16, q8) => {
    const megabytes = (type: CacheType) => {
      const { cacheGlobal, cacheSliding } = cacheBytes(variant(id), options(context, type))
      return (cacheGlobal + cacheSliding) / 1e6
    }
    expect(Math.abs(megabytes('f16') - f16)).toBeLessThanOrEqual(1)
    expect(Math.abs(megabytes('q8_0') - q8)).toBeLessThanOrEqual(1)
  })

  test('of four slots has four windows: 31B at 128K takes 14.5 GB', () => {
    const { cacheGlobal, cacheSliding } = cacheBytes(variant('31b'), options(131_072, 'f16', 512, 4))
    expect((cacheGlobal + cacheSliding) / 1e9).toBeCloseTo(14.5, 1)
  })
})

describe('the compute buffer', () => {
  test.each([
    // context, micro-batch, MiB in llama.cpp's log
    [4_096, 512, 581.5],
    [32_768, 512, 551],
    [131_072, 512, 647],
    [32_768, 128, 137.7],
  ])(
    'of E2B at %i tokens, micro-batch %i, is never below the measured %d MiB and at most an eighth above',
    (context, batch, measured) => {
      const estimated = computeBytes(variant('e2b'), options(context, 'f16', batch)) / MiB
      expect(estimated).toBeGreaterThanOrEqual(measured)
      expect(estimated).toBeLessThanOrEqual(measured * 1.125)
    },
  )
})

describe('the whole need', () => {
  test('of E2B in Q8_0 with its projector is above what llama-server held after 30 s of sound', () => {
    // measured on weights of 4,953 MB and a projector of 617 MB: 5,857 MB
    const { total, weights, projector } = memoryNeed(variant('e2b'), build('e2b-q8_0'), options(4_096))
    const rest = total - weights - projector
    expect(rest).toBeGreaterThan(5_857e6 - 4_953e6 - 617e6)
    expect(rest).toBeLessThan(900e6)
  })

  test('on two cards is scratch on both, and the room of a layer that neither takes', () => {
    const on = (cards: number) => memoryNeed(variant('31b'), build('31b-q4_k_m'), options(4_096), cards)
    const layer = on(1).weights / 60
    expect(on(2).total - on(1).total).toBeCloseTo(on(1).compute + layer, -1)
    expect(on(0).total).toBe(on(1).total)
  })

  test('of an engine without a formula is its published peak and the cache', () => {
    expect(memoryNeed(variant('e2b'), build('e2b-litert'), options(4_096)).total / 1e6).toBeCloseTo(
      1_733 + 37.7 + 100.7,
      0,
    )
  })
})

describe('whatever the numbers are', () => {
  const anyBuild = fc.constantFrom(...gemma4.builds)
  const anyOptions = fc.record({
    context: fc.integer({ min: 256, max: 262_144 }),
    slots: fc.integer({ min: 1, max: 8 }),
    cacheType: fc.constantFrom(...(Object.keys(cacheTypes) as CacheType[])),
    microBatch: fc.constantFrom(64, 128, 512, 1024),
  })

  test('a longer context never needs less', () => {
    fc.assert(
      fc.property(anyBuild, anyOptions, fc.nat(100_000), (build, options, more) => {
        const need = (context: number) => memoryNeed(variant(build.variant), build, { ...options, context }).total
        expect(need(options.context + more)).toBeGreaterThanOrEqual(need(options.context))
      }),
    )
  })

  test('the longest context fits, and the next step does not', () => {
    fc.assert(
      fc.property(anyBuild, anyOptions, fc.integer({ min: 1e9, max: 60e9 }), (build, options, haveBytes) => {
        const of = variant(build.variant)
        const longest = longestContext(of, build, options, haveBytes)
        const need = (context: number) => memoryNeed(of, build, { ...options, context }).total
        if (longest > 0) expect(need(longest)).toBeLessThanOrEqual(haveBytes)
        if (longest < of.maxContext) expect(need(longest + 256)).toBeGreaterThan(haveBytes)
      }),
    )
  })
})

import type { Build, Variant } from '@tradewind/protocol'
import type { Measurement } from './device'
import { type CacheType, type EngineOptions, longestContext, memoryNeed } from './memory'
import type { Pool } from './pools'
import type { Refusals } from './refusal'
import { defaults, needsSight, type Workload } from './workload'

/** Where a build fits, how its engine is started there, and what it needs and has. Bytes. */
export type Fit = { pool: Pool['kind']; cards: number; options: EngineOptions; needBytes: number; haveBytes: number }
export type FitResult = { fit: Fit; short?: undefined } | { fit?: undefined; short: Refusals['memory-short'] }

/** The ways to start an engine, the best first: a small micro-batch costs speed, a quantised cache costs precision. */
const ways: { cacheType: CacheType; microBatch: number }[] = [
  { cacheType: 'f16', microBatch: 512 },
  { cacheType: 'f16', microBatch: 128 },
  { cacheType: 'q8_0', microBatch: 512 },
  { cacheType: 'q8_0', microBatch: 128 },
]
/** The tokens of one image must fit into a micro-batch. */
const imageBatch = 512

/**
 * Finds the first pool and the best way to start a build in it. What depends on build and workload alone is computed
 * once, because it is asked for every device of a fleet.
 */
export function fitter(variant: Variant, build: Build, workload: Workload) {
  const slots = workload.slots ?? defaults.slots
  const context = workload.context * slots
  const possible = ways
    .filter(({ microBatch }) => !needsSight(workload) || microBatch >= imageBatch)
    .map((way) => ({ ...way, context, slots }))
  const needs = possible.map((options) => ({ options, byCards: [] as number[] }))
  const { weights } = memoryNeed(variant, build, { cacheType: 'f16', microBatch: imageBatch, context, slots })
  /** Layers are not cut: each further card may have to leave the room of one unused. */
  const splitting = (cards: number) => Math.ceil(weights / variant.cache.layers) * Math.max(0, cards - 1)

  const needOf = ({ options, byCards }: (typeof needs)[number], cards: number): number => {
    byCards[cards] ??= memoryNeed(variant, build, options, cards).total + splitting(cards)
    return byCards[cards]
  }

  const longestIn = ({ cards, usableBytes }: Pool, options: EngineOptions, correction: number) => {
    const forContext = usableBytes / correction - splitting(cards)
    return forContext < weights ? 0 : longestContext(variant, build, options, forContext, cards)
  }

  /** Told of the pool that comes nearest, with the leanest way. */
  function shortage(pools: Pool[], correction: number): Refusals['memory-short'] {
    const leanest = needs.at(-1)
    const missing = ({ cards, usableBytes }: Pool) => (leanest ? needOf(leanest, cards) : 0) - usableBytes
    const [nearest] = pools.toSorted((a, b) => missing(a) - missing(b))
    if (!leanest || !nearest) return { needBytes: 0, haveBytes: 0, longestContext: 0 }
    return {
      needBytes: Math.ceil(needOf(leanest, nearest.cards) * correction),
      haveBytes: nearest.usableBytes,
      longestContext: Math.floor(longestIn(nearest, leanest.options, correction) / slots),
    }
  }

  return (pools: Pool[], measured: Measurement | undefined): FitResult => {
    const correction = correctionOf(measured)
    for (const { kind, cards, usableBytes } of pools) {
      for (const way of needs) {
        const needBytes = Math.ceil(needOf(way, cards) * correction)
        if (needBytes <= usableBytes)
          return { fit: { pool: kind, cards, options: way.options, needBytes, haveBytes: usableBytes } }
      }
    }
    return { short: shortage(pools, correction) }
  }
}

/**
 * Measured over estimated, where it was measured, and never below 1: what a process holds counts only the pages that
 * it has touched so far, so it may show that the estimate was too low, not that it was too high.
 */
export function correctionOf(measured: Measurement | undefined): number {
  if (!measured?.residentBytes || !measured.estimatedBytes) return 1
  return Math.max(1, measured.residentBytes / measured.estimatedBytes)
}

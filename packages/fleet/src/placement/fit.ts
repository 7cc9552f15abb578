import type { Build, HoldOptions, Variant } from '@tradewind/protocol'
import type { Measurement } from './device'
import { type CacheType, type EngineOptions, longestContext, memoryNeed } from './memory'
import type { Pool } from './pools'
import type { Refusals } from './refusal'
import { defaults, needsSight, type Workload } from './workload'

/** Where a build fits, how its engine is started there, and what it needs and has. Bytes. */
export type Fit = { pool: Pool['kind']; cards: number; options: EngineOptions; needBytes: number; haveBytes: number }
/** How an engine is told to hold a build where it fits. Memory that is shared with a GPU is memory. */
export const holdOptionsOf = ({ pool, options }: Pick<Fit, 'pool' | 'options'>): HoldOptions => ({
  ...options,
  pool: pool === 'cards' ? 'card' : 'memory',
})

/** The same build for another context, or for more requests at once. How the cache is packed moves with a sensor. */
export const isHeldOtherwise = (
  { context, slots }: Pick<HoldOptions, 'context' | 'slots'>,
  { options }: Fit,
): boolean => options.context !== context || options.slots !== slots

export type FitResult = { fit: Fit; short?: undefined } | { fit?: undefined; short: Refusals['memory-short'] }

/** The ways to start an engine, the best first: a small micro-batch costs speed, a quantised cache costs precision. */
const ways: { cacheType: CacheType; microBatch: number }[] = [
  { cacheType: 'f16', microBatch: 512 },
  { cacheType: 'f16', microBatch: 128 },
  { cacheType: 'q8_0', microBatch: 512 },
  { cacheType: 'q8_0', microBatch: 128 },
]
/** One of them, with what it needs by the number of cards. */
type Way = { options: EngineOptions; byCards: number[] }
/** The tokens of one image. */
const imageBatch = 512

/**
 * Finds the first pool and the best way to start a build in it. What depends on build and workload alone is computed
 * once, because it is asked for every device of a fleet.
 */
export function fitter(variant: Variant, build: Build, workload: Workload) {
  const slots = workload.slots ?? defaults.slots
  const context = workload.context * slots
  const needs: Way[] = waysFor(workload).map((way) => ({ options: { ...way, context, slots }, byCards: [] }))
  const leanest = needs.at(-1) as Way
  const { weights } = memoryNeed(variant, build, leanest.options)

  const needOf = ({ options, byCards }: Way, cards: number): number => {
    byCards[cards] ??= memoryNeed(variant, build, options, cards).total
    return byCards[cards]
  }

  /** Told of the pool that comes nearest, with the leanest way. */
  function shortage(pools: Pool[], correction: number): Refusals['memory-short'] {
    const missing = ({ cards, usableBytes }: Pool) => needOf(leanest, cards) * correction - usableBytes
    const [nearest] = pools.length > 1 ? pools.toSorted((a, b) => missing(a) - missing(b)) : pools
    const { cards, usableBytes } = nearest ?? { cards: 0, usableBytes: 0 }
    const needBytes = Math.ceil(needOf(leanest, cards) * correction)
    return { needBytes, haveBytes: usableBytes, longestContext: longestIn(cards, usableBytes / correction) }
  }

  /** Of one request. Where the weights alone do not fit there is nothing to search for. */
  const longestIn = (cards: number, bytes: number) =>
    bytes < weights ? 0 : Math.floor(longestContext(variant, build, leanest.options, bytes, cards) / slots)

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

/** The longest context that one request may have in any of the pools; 0 when not even the weights fit. */
export function longestThatFits(
  variant: Variant,
  build: Build,
  workload: Workload,
  pools: Pool[],
  measured?: Measurement,
): number {
  const slots = workload.slots ?? defaults.slots
  const correction = correctionOf(measured)
  const contexts = pools.flatMap(({ cards, usableBytes }) =>
    waysFor(workload).map((way) => longestContext(variant, build, { ...way, slots }, usableBytes / correction, cards)),
  )
  return Math.floor(Math.max(0, ...contexts) / slots)
}

/** An image must fit into one micro-batch. */
const waysFor = (workload: Workload) =>
  ways.filter(({ microBatch }) => !needsSight(workload) || microBatch >= imageBatch)

/**
 * Measured over estimated, where it was measured, and never below 1: what a process holds counts only the pages that
 * it has touched so far, so it may show that the estimate was too low, not that it was too high.
 */
export function correctionOf(measured: Measurement | undefined): number {
  if (!measured?.residentBytes || !measured.estimatedBytes) return 1
  return Math.max(1, measured.residentBytes / measured.estimatedBytes)
}

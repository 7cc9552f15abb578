import type { Build, Variant } from '@tradewind/protocol'

/** How an engine is started. `context` counts the tokens of all slots together, as llama-server does. */
export type EngineOptions = { context: number; slots: number; cacheType: CacheType; microBatch: number }

/** Bytes of one element of the key-value cache; the quantised ones store 32 elements and a scale. */
export const cacheTypes = { f16: 2, q8_0: 34 / 32, q4_0: 18 / 32 } as const
export type CacheType = keyof typeof cacheTypes

const mebibyte = 2 ** 20
/** Bytes of scratch per token of a micro-batch and unit of the hidden size: fitted from above to E2B. */
const scratchPerUnit = 88
/** The cache is allocated in steps of so many cells. */
const cellStep = 256
/** llama.cpp's own for encoding sound and images, measured on E2B. */
const projectorBuffer = 101 * mebibyte
/** What the program takes besides: code, tokeniser, HTTP. */
const engineItself = 96 * mebibyte

export type MemoryNeed = {
  weights: number
  projector: number
  /** keys and values of the layers that see everything, and of those that see a window */
  cacheGlobal: number
  cacheSliding: number
  /** scratch of the engine, once on each card */
  compute: number
  /** layers are not cut: each card beyond the first may have to leave the room of one unused */
  split: number
  engine: number
  total: number
}

/**
 * Bytes that a build needs in host memory or on so many cards, an upper bound: nothing is counted as reclaimable. Engines that map their weights as
 * they please count with the peak that was published for them.
 */
export function memoryNeed(variant: Variant, build: Build, options: EngineOptions, cards = 0): MemoryNeed {
  const published = build.residentBytes?.value
  const projectorFile = bytesOf(build, 'projector')
  const buffers = computeBytes(variant, options) + (projectorFile > 0 ? projectorBuffer : 0)
  const { cacheGlobal, cacheSliding } = cacheBytes(variant, options)
  const weights = published ?? bytesOf(build, 'weights')
  const projector = published === undefined ? projectorFile : 0
  const compute = published === undefined ? buffers * Math.max(1, cards) : 0
  const split = (weights / variant.cache.layers) * Math.max(0, cards - 1)
  const total = Math.ceil(weights + projector + cacheGlobal + cacheSliding + compute + split + engineItself)
  return { weights, projector, cacheGlobal, cacheSliding, compute, split, engine: engineItself, total }
}

const bytesOf = ({ files }: Build, role: 'weights' | 'projector') =>
  files.reduce((sum, file) => (file.role === role ? sum + file.bytes : sum), 0)

/** As llama.cpp allocates it: keys and values apart, layers that share a cache left out, windows padded. */
export function cacheBytes(
  { cache: { global, sliding } }: Variant,
  { context, slots, cacheType, microBatch }: EngineOptions,
) {
  const perElement = cacheTypes[cacheType]
  const cells = padded(Math.min(context, sliding.window * slots + microBatch))
  return {
    cacheGlobal: global.layers * global.heads * global.headSize * 2 * perElement * context,
    cacheSliding: sliding.layers * sliding.heads * sliding.headSize * 2 * perElement * cells,
  }
}

const padded = (cells: number) => Math.ceil(cells / cellStep) * cellStep

/** Scratch: the logits of a micro-batch in f32 outweigh the rest; the mask grows with the context, in f16. */
export const computeBytes = ({ cache: { vocabulary, hiddenSize } }: Variant, { context, microBatch }: EngineOptions) =>
  microBatch * (vocabulary * 4 + hiddenSize * scratchPerUnit + context * 2)

/**
 * The longest context that fits into so many bytes, in steps of 256 tokens; 0 when not even one step does.
 */
export function longestContext(
  variant: Variant,
  build: Build,
  { slots, cacheType, microBatch }: Omit<EngineOptions, 'context'>,
  haveBytes: number,
  cards = 0,
): number {
  let [fits, fails] = [0, Math.floor(variant.maxContext / cellStep) + 1]
  while (fails - fits > 1) {
    const middle = Math.floor((fits + fails) / 2)
    const context = middle * cellStep
    const need = memoryNeed(variant, build, { slots, cacheType, microBatch, context }, cards)
    if (need.total <= haveBytes) fits = middle
    else fails = middle
  }
  return fits * cellStep
}

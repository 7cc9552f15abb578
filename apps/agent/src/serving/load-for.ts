import { type CacheType, fitter, gemma4, memoryNeed, type PlacementDevice, poolsOf } from '@tradewind/fleet'
import type { Build, Facts, HoldOptions } from '@tradewind/protocol'
import type { Load } from '../engine/engine'

/** How a build is to be held where nobody assigned it: by a person's word, or by what fits. */
export type LoadWish = { contextTokens: number; slots: number; threads?: number; gpuLayers?: number }

export type LoadPlan = {
  load: Load
  /** what fleet predicts for these options, in bytes; null for a build that is not in the catalogue */
  estimatedBytes: number | null
  /** why it may not go well: `memory-short` */
  warnings: { code: 'memory-short'; needBytes: number; haveBytes: number }[]
}

const allLayers = 999

/**
 * How a build is loaded on this device: the first way of holding it that fits its free memory, and where none does the leanest,
 * with a warning. It is not refused: what is free now may be more in a minute, and a person asked for it.
 */
export function loadFor(
  build: Build,
  files: { model: string; projector: string | null },
  facts: Facts,
  wish: LoadWish,
): LoadPlan {
  const device: PlacementDevice = { deviceClass: '', facts }
  const base: Load = {
    build: build.id,
    modelPath: files.model,
    projectorPath: files.projector,
    contextTokens: wish.contextTokens,
    slots: wish.slots,
    cacheType: 'f16',
    ubatch: 512,
    threads: wish.threads ?? threadsOf(facts),
    gpuLayers: wish.gpuLayers ?? (facts.os?.platform === 'darwin' ? allLayers : 0),
  }
  const variant = gemma4.variants.find(({ id }) => id === build.variant)
  if (!variant) return { load: base, estimatedBytes: null, warnings: [] }
  const workload = { id: 'local', useCases: [], context: wish.contextTokens, slots: wish.slots }
  const { fit, short } = fitter(variant, build, workload)(poolsOf(device), undefined)
  if (!fit)
    return {
      load: { ...base, cacheType: 'q8_0', ubatch: 128 },
      estimatedBytes: short.needBytes,
      warnings: [{ code: 'memory-short', needBytes: short.needBytes, haveBytes: short.haveBytes }],
    }
  const { cacheType, microBatch } = fit.options
  return {
    load: {
      ...base,
      cacheType: cacheType satisfies CacheType,
      ubatch: microBatch,
      gpuLayers: wish.gpuLayers ?? (fit.pool === 'memory' ? 0 : allLayers),
    },
    estimatedBytes: fit.needBytes,
    warnings: [],
  }
}

/** How a build is loaded as it was assigned: placement counted its memory for these options and no others. */
export function loadAssigned(
  build: Build,
  files: { model: string; projector: string | null },
  facts: Facts,
  options: HoldOptions,
  wish: Pick<LoadWish, 'threads' | 'gpuLayers'>,
): LoadPlan {
  const { context, slots, cacheType, microBatch, pool } = options
  const isOnCards = pool === 'card' || facts.os?.platform === 'darwin'
  const variant = gemma4.variants.find(({ id }) => id === build.variant)
  return {
    load: {
      ...{ build: build.id, modelPath: files.model, projectorPath: files.projector, slots, cacheType },
      contextTokens: Math.max(1, Math.floor(context / slots)),
      ubatch: microBatch,
      threads: wish.threads ?? threadsOf(facts),
      gpuLayers: wish.gpuLayers ?? (isOnCards ? allLayers : 0),
    },
    estimatedBytes: variant ? memoryNeed(variant, build, options, pool === 'card' ? 1 : 0).total : null,
    warnings: [],
  }
}

/** A thread for each core: a second one on the same core only takes turns with it. */
const threadsOf = ({ cpu }: Facts) => Math.max(1, cpu?.physicalCores ?? cpu?.logicalCores ?? 1)

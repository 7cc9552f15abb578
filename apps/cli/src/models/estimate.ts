import {
  type CacheType,
  deratingOf,
  gibibytes,
  knownSpeeds,
  longestContext,
  type MemoryNeed,
  memoryNeed,
  type PlacementDevice,
  type Pool,
  poolsOf,
  predictSpeed,
  speedWords,
  tokens,
} from '@tradewind/fleet'
import type { Build, Catalogue, Variant } from '@tradewind/protocol'
import { type Cell, paint, table } from '../format'
import type { Terminal } from '../terminal'
import { buildsOf, variantOf } from './catalogue'

export type EstimateOptions = {
  variant: string
  context: number
  slots: number
  cache: CacheType
  microBatch: number
  json?: boolean
}

/** What each build of a variant needs on a machine, whether it fits there, and how fast it is said to be. */
export function estimate(
  { out, colour }: Terminal,
  catalogue: Catalogue,
  device: PlacementDevice,
  options: EstimateOptions,
) {
  const variant = variantOf(catalogue, options.variant)
  const pools = poolsOf(device)
  const rows = buildsOf(catalogue, variant).flatMap((build) =>
    pools.map((pool) => estimateOf(catalogue, device, variant, build, pool, options)),
  )
  if (options.json) return out(`${JSON.stringify({ variant: variant.id, pools, builds: rows }, null, 2)}\n`)
  if (rows.length === 0) return out('How much memory this machine has is not known.\n')
  out(table(head, rows.map(cells), colour.out))
  out(`${paint(`${tokens(options.context)} of context in all; nothing is counted as reclaimable.`, false)}\n`)
}

const head = [
  'BUILD',
  'PLACE',
  'WEIGHTS',
  'PROJECTOR',
  'CACHE',
  'SCRATCH',
  'NEEDS',
  'USABLE',
  'FITS',
  'LONGEST',
  'SPEED',
]

type Estimate = {
  build: string
  pool: Pool
  need: MemoryNeed
  fits: boolean
  /** tokens */
  longest: number
  speed: ReturnType<typeof predictSpeed>
}

function estimateOf(
  catalogue: Catalogue,
  { facts }: PlacementDevice,
  variant: Variant,
  build: Build,
  pool: Pool,
  { context, slots, cache, microBatch }: EstimateOptions,
): Estimate {
  const start = { context, slots, cacheType: cache, microBatch }
  const need = memoryNeed(variant, build, start, pool.cards)
  const where = { facts, pool: pool.kind, known: knownSpeeds(catalogue, facts), derating: deratingOf(facts) }
  return {
    build: build.id,
    pool,
    need,
    fits: need.total <= pool.usableBytes,
    longest: longestContext(variant, build, start, pool.usableBytes, pool.cards),
    speed: predictSpeed(variant, build, where),
  }
}

const cells = ({ build, pool, need, fits, longest, speed }: Estimate): Cell[] => [
  build,
  pool.kind === 'cards' ? `${pool.cards} ${pool.cards === 1 ? 'card' : 'cards'}` : pool.kind,
  gibibytes(need.weights),
  gibibytes(need.projector),
  gibibytes(need.cacheGlobal + need.cacheSliding),
  gibibytes(need.compute + need.engine),
  gibibytes(need.total),
  gibibytes(pool.usableBytes, 'down'),
  fits ? { text: 'yes', style: 'green' } : { text: 'no', style: 'red' },
  longest === 0 ? 'none' : tokens(longest),
  speedWords(speed),
]

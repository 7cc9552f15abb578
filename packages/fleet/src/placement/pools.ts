import type { Facts } from '@tradewind/protocol'
import type { PlacementDevice } from './device'

/**
 * A place where a model may live as a whole. `cards`: the memory of one or more cards; `unified`: memory that the
 * processor shares with its GPU; `memory`: that of the host.
 */
export type Pool = {
  kind: 'cards' | 'unified' | 'memory'
  cards: number
  /** bytes that a model may take: what is free after everything else that runs there, less what must stay free */
  usableBytes: number
}

const gigabyte = 1e9
/** Kept free when it is known what is free: the kernel starts to reclaim, or to kill, before nothing is left. */
const headroom = 0.25 * gigabyte
/** On each card: the driver's context, when free memory is known, and when only the total is. */
const cardHeadroom = { known: 0.3 * gigabyte, unknown: 0.8 * gigabyte }
/** Share of the total that a Mac lets its GPU hold. */
const appleShare = 0.72
/** Share of the total that Android leaves to one app before it kills, by total bytes upwards. */
const androidShares = [
  { from: 0, share: 0.5 },
  { from: 11 * gigabyte, share: 0.55 },
  { from: 15 * gigabyte, share: 0.6 },
]
/** What the system and the agent take of a host that tells only its total. */
const piTakes = 0.85 * gigabyte
const otherTakes = { share: 0.1, atLeast: gigabyte }

/** A card with less drives a screen. One with more is what the host was bought for: nothing is put beside it unasked. */
const modelCard = 8 * gigabyte

/** The pools of a device, best first: one card, all its cards, its memory. Empty when nothing is known of any. */
export function poolsOf({ facts, serving }: PlacementDevice): Pool[] {
  const cards = usableCards(facts)
  const freed = serving?.cardBytes ?? 0
  const pools: Pool[] = []
  const [best] = cards
  if (best !== undefined) pools.push({ kind: 'cards', cards: 1, usableBytes: best + (cards.length === 1 ? freed : 0) })
  if (cards.length > 1) pools.push({ kind: 'cards', cards: cards.length, usableBytes: sum(cards) + freed })
  const memory = usableMemory(facts, serving?.memoryBytes ?? 0)
  const kind = facts.os?.platform === 'darwin' ? 'unified' : 'memory'
  const isForCards = facts.accelerators?.some(({ totalBytes = 0 }) => totalBytes >= modelCard) === true
  if (memory !== undefined && !isForCards) pools.push({ kind, cards: 0, usableBytes: memory })
  return pools
}

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)

/** Most first. Cards of another maker than the best cannot share a model with it, so they do not count. */
function usableCards({ accelerators = [] }: Facts): number[] {
  const cards = accelerators
    .flatMap(({ kind, totalBytes, freeBytes }) => {
      if (totalBytes === undefined) return []
      const usable = freeBytes === undefined ? totalBytes - cardHeadroom.unknown : freeBytes - cardHeadroom.known
      return usable > 0 ? [{ kind, usable }] : []
    })
    .sort((a, b) => b.usable - a.usable)
  return cards.filter(({ kind }) => kind === cards[0]?.kind).map(({ usable }) => usable)
}

/** Never more than the host class allows, and never more than is free now with what our own engine would give back. */
function usableMemory({ memory, os, board }: Facts, freed: number): number | undefined {
  if (!memory) return undefined
  const allowed = allowedOf(memory.totalBytes, os?.platform, board?.model)
  const free = memory.availableBytes === undefined ? Number.POSITIVE_INFINITY : memory.availableBytes + freed - headroom
  return Math.max(0, Math.floor(Math.min(allowed, free)))
}

function allowedOf(total: number, platform: string | undefined, board: string | undefined): number {
  if (platform === 'darwin') return total * appleShare
  if (platform === 'android') return total * (androidShares.findLast(({ from }) => total >= from)?.share ?? 0)
  if (board?.startsWith('Raspberry Pi')) return total - piTakes
  return total - Math.max(otherTakes.atLeast, total * otherTakes.share)
}

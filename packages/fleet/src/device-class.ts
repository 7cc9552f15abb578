import type { Facts } from '@tradewind/protocol'

/**
 * `v1:` and a hash of the facts that devices of one kind share, so that the fleet can be grouped and placement
 * decided once per kind. Names, addresses, serials, free space and temperatures stay out. Memory is rounded to
 * 256 MiB because kernels of one board reserve differently; the operating system counts by name, not by patch level.
 */
export function deviceClassOf(facts: Facts): string {
  const shared = [
    facts.cpu?.architecture,
    facts.cpu?.model,
    facts.cpu?.logicalCores,
    facts.cpu && [...facts.cpu.features].sort().join(','),
    facts.memory && Math.round(facts.memory.totalBytes / (256 * 1024 * 1024)),
    facts.board?.model,
    facts.os?.platform,
    facts.os?.name,
    facts.storage?.kind,
  ]
  return `v1:${fnv1a64(shared.map((part) => String(part ?? 'unknown')).join('\n'))}`
}

/** FNV-1a, 64 bit (http://www.isthe.com/chongo/tech/comp/fnv/): groups things, protects nothing. */
function fnv1a64(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}

/** Numbers that look like chance and are the same each time: from what they are asked with alone, in any order. */

/** 32 bits of a text: FNV-1a, mixed once more. */
export function hashOf(...parts: (string | number)[]): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(parts.join('\n'))) hash = Math.imul(hash ^ byte, 0x01000193)
  return mix(hash)
}

/** From 0 up to but not including 1. */
export const chance = (...parts: (string | number)[]) => hashOf(...parts) / 2 ** 32

/** The same of two whole numbers, for what is asked millions of times. */
export const noise = (a: number, b: number) => mix(Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) / 2 ** 32

export const between = (from: number, to: number, ...parts: (string | number)[]) =>
  from + (to - from) * chance(...parts)

export function oneOf<T>(list: readonly T[], ...parts: (string | number)[]): T {
  return list[hashOf(...parts) % list.length] as T
}

/** One of them, each as often as its weight says; `place`, from 0 to 1, says which. */
export function weighted<T extends { weight: number }>(list: readonly T[], place: number): T {
  let left = place * list.reduce((sum, { weight }) => sum + weight, 0)
  for (const one of list) {
    left -= one.weight
    if (left < 0) return one
  }
  return list.at(-1) as T
}

/** Numbers from 0 to 1 that fill it evenly, few or many, where chance leaves gaps: steps of an irrational number. */
export const evenly = (step: 'golden' | 'plastic', index: number, ...parts: (string | number)[]) =>
  (index * { golden: 0.6180339887, plastic: 0.7548776662 }[step] + chance(...parts)) % 1

function mix(given: number): number {
  let hash = Math.imul(given ^ (given >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

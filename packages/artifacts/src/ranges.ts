/** Bytes from the first to before the second. */
export type Range = readonly [from: number, to: number]
/** In order, without overlap or touch. */
export type Ranges = readonly Range[]

export function withRange(ranges: Ranges, [from, to]: Range): Ranges {
  if (from >= to) return ranges
  const apart = ranges.filter(([start, end]) => end < from || start > to)
  const touched = ranges.filter(([start, end]) => end >= from && start <= to)
  const joined: Range = [
    Math.min(from, ...touched.map(([start]) => start)),
    Math.max(to, ...touched.map(([, end]) => end)),
  ]
  return [...apart, joined].sort(([a], [b]) => a - b)
}

export const withoutRange = (ranges: Ranges, [from, to]: Range): Ranges =>
  ranges.flatMap(([start, end]): Range[] => {
    const before: Range = [start, Math.min(end, from)]
    const after: Range = [Math.max(start, to), end]
    return [before, after].filter(([first, last]) => first < last)
  })

export const sizeOf = (ranges: Ranges): number => ranges.reduce((sum, [from, to]) => sum + to - from, 0)

/** Where the bytes end that follow `from` without a gap; `from` itself when it is not among them. */
export const reach = (ranges: Ranges, from: number): number =>
  ranges.find(([start, end]) => start <= from && from < end)?.[1] ?? from

/** The first bytes below `size` that are in none of them, at most `most`. */
export function firstGap(ranges: Ranges, size: number, most: number): Range | undefined {
  const from = reach(ranges, 0)
  const next = ranges.find(([start]) => start > from)?.[0] ?? size
  return from >= size ? undefined : [from, Math.min(next, from + most, size)]
}

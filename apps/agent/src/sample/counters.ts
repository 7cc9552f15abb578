/** Counters that only rise, by device, and when they were read on the host's monotonic clock. */
export type Counters = { atMs: number; byDevice: Map<string, number[]> }

/**
 * How much the counters rose, summed over the devices that were there both times, and in how long. Undefined when
 * there is nothing to compare, or when any counter went backwards (it wrapped, or the device was replaced): a sample
 * without a figure is better than one with a spike.
 */
export function riseOf(before: Counters | undefined, now: Counters): { ms: number; sums: number[] } | undefined {
  const ms = now.atMs - (before?.atMs ?? Number.NaN)
  if (!before || !(ms > 0)) return undefined
  let sums: number[] | undefined
  for (const [device, values] of now.byDevice) {
    const earlier = before.byDevice.get(device)
    if (!earlier) continue
    const rises = values.map((value, i) => value - (earlier[i] ?? Number.NaN))
    if (!rises.every((rise) => rise >= 0)) return undefined
    sums = rises.map((rise, i) => rise + (sums?.[i] ?? 0))
  }
  return sums && { ms, sums }
}

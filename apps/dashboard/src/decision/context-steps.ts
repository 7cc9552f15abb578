const least = 1024

/**
 * What the slider stops at, in tokens, rising: two steps to each doubling up to what the largest variant takes, and
 * the context that is asked for, so that one can come back to it.
 */
export function contextSteps(most: number, own: number): number[] {
  const steps = new Set([own, most])
  for (let step = least; step < most; step *= 2) {
    steps.add(step)
    if (step * 1.5 < most) steps.add(step * 1.5)
  }
  return [...steps].sort((a, b) => a - b)
}

/** The place of the step that is nearest, of two as near the smaller. */
export function nearestStep(steps: number[], context: number): number {
  const away = steps.map((step) => Math.abs(step - context))
  return away.indexOf(Math.min(...away))
}

/** The largest step that is not above it; null when even the first is. */
export function stepWithin(steps: number[], context: number): number | null {
  const at = steps.findLastIndex((step) => step <= context)
  return at < 0 ? null : at
}

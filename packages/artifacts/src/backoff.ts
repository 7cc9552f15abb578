/** Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/): a fleet that lost its hub comes back spread out. */
export function backoffMs(attempt: number, random: () => number = Math.random, capMs = 30_000): number {
  return Math.round(random() * Math.min(capMs, 1_000 * 2 ** Math.min(attempt, 10)))
}

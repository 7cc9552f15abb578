/**
 * What follows when a step came to nothing: `again` for as long as it takes, `a-few-times` where it costs the service a pause,
 * `never` where trying again would find the same.
 */
export type Hence = 'again' | 'a-few-times' | 'never'

/** By the codes of `artifacts/trouble`, of the engine, and of the smoke test. One that is not here is tried a few times. */
export const hence: Readonly<Record<string, Hence>> = {
  // sources
  unreachable: 'again',
  'name-unknown': 'again',
  'source-failed': 'again',
  'source-stalled': 'again',
  truncated: 'again',
  'too-many-requests': 'again',
  /** the mirror may get it, the licence may be accepted, the network's login page may go away */
  'not-found': 'again',
  gated: 'again',
  'bad-answer': 'again',
  'redirect-loop': 'again',
  /** the clock of a Pi is wrong until the hub is there */
  'tls-failed': 'again',
  'no-ranges': 'again',
  /** another file than was assigned */
  'wrong-bytes': 'never',
  'wrong-length': 'never',
  'range-refused': 'never',
  'file-changed': 'a-few-times',
  'source-differs': 'never',
  'clip-differs': 'never',
  'clip-unreadable': 'never',
  // the store: somebody may make room, or mount it anew
  'disk-short': 'again',
  'disk-full': 'again',
  'disk-failed': 'again',
  'store-read-only': 'again',
  'store-busy': 'again',
  'build-in-use': 'again',
  'build-broken': 'a-few-times',
  // the engine
  'bad-file': 'never',
  unsupported: 'never',
  'engine-missing': 'never',
  'out-of-memory': 'a-few-times',
  'killed-by-signal': 'a-few-times',
  'killed-likely-by-android': 'a-few-times',
  ended: 'a-few-times',
  hung: 'a-few-times',
  'load-timeout': 'a-few-times',
  'engine-lost': 'a-few-times',
  'came-down': 'never',
  // the smoke test
  empty: 'never',
  'wrong-language': 'never',
  'too-slow': 'never',
  'answer-differs': 'never',
  'word-errors': 'never',
}

const fewTimes = 3
const backoff = { firstMs: 5_000, mostMs: 10 * 60_000 }

/**
 * When a revision is tried again that came to nothing `failures` times in a row (1: for the first time); null: never. The delay
 * doubles, and chance (in [0, 1)) takes up to half of it, so that a fleet does not come back as one. `leastMs`: what was asked for.
 */
export function retryAt(code: string, failures: number, now: number, chance: number, leastMs = 0): number | null {
  const follows = hence[code] ?? 'a-few-times'
  if (follows === 'never' || (follows === 'a-few-times' && failures >= fewTimes)) return null
  const delayMs = Math.min(backoff.mostMs, backoff.firstMs * 2 ** Math.min(failures - 1, 20))
  return now + Math.max(leastMs, Math.round(delayMs * (1 - chance / 2)))
}

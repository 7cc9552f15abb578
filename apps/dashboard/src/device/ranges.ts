const [hourMs, dayMs] = [3_600_000, 86_400_000]

/** How far back the charts go: as short as it fits a button, and in words. */
export const ranges = {
  '1h': { short: '1 h', title: 'Last hour', ms: hourMs },
  '24h': { short: '24 h', title: 'Last 24 hours', ms: dayMs },
  '7d': { short: '7 d', title: 'Last 7 days', ms: 7 * dayMs },
  '30d': { short: '30 d', title: 'Last 30 days', ms: 30 * dayMs },
} as const
export type RangeName = keyof typeof ranges
export const rangeNames = Object.keys(ranges) as RangeName[]

/** A page that does not say, or says it in words not known here, shows the last hour. */
export const readRange = (word: string | null): RangeName => rangeNames.find((name) => name === word) ?? '1h'

export const hrefOfRange = (range: RangeName) => (range === '1h' ? '?' : `?range=${range}`)

/** The shortest range that reaches back to a moment; null when none does. */
export const rangeThatShows = (atMs: number, nowMs: number): RangeName | null =>
  rangeNames.find((name) => atMs > nowMs - ranges[name].ms) ?? null

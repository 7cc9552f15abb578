/** What a chart shows, in seconds since 1970. */
export type ChartWindow = { from: number; to: number }

const longestSeconds = 3600
const shortestSeconds = 300

/** The last hour, or as much of it as there are samples of: what a new device has sent would be a hair's breadth of it. */
export function chartWindow(oldestMs: number | undefined, nowMs: number): ChartWindow {
  const to = nowMs / 1000
  const known = oldestMs === undefined ? longestSeconds : to - oldestMs / 1000
  return { from: to - Math.min(longestSeconds, Math.max(shortestSeconds, known)), to }
}

/** In words: Last hour, Last 5 minutes. */
export function nameWindow({ from, to }: ChartWindow): string {
  const minutes = Math.ceil((to - from) / 60)
  return minutes >= 60 ? 'Last hour' : `Last ${minutes} minutes`
}

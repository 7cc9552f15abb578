import { type RangeName, ranges } from './ranges'

/** What a chart shows, in seconds since 1970. */
export type ChartWindow = { from: number; to: number }

const shortestSeconds = 300
/** The window moves on in steps of about a pixel, so that long ranges are not drawn anew every second. */
const steps = 720

/**
 * The range up to now. Of the last hour only as much as there are samples of: what a new device has sent would be a
 * hair's breadth of it, and a person is waiting for it to move.
 */
export function chartWindow(range: RangeName, oldestMs: number | undefined, nowMs: number): ChartWindow {
  const seconds = ranges[range].ms / 1000
  const step = range === '1h' ? 1 : seconds / steps
  const to = Math.ceil(nowMs / 1000 / step) * step
  if (range !== '1h' || oldestMs === undefined) return { from: to - seconds, to }
  return { from: to - Math.min(seconds, Math.max(shortestSeconds, to - oldestMs / 1000)), to }
}

/** In words: Last 7 days, Last hour, Last 5 minutes. */
export function nameWindow(range: RangeName, { from, to }: ChartWindow): string {
  const minutes = Math.ceil((to - from) / 60)
  return minutes >= 60 ? ranges[range].title : `Last ${minutes} minutes`
}

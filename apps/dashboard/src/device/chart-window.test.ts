import { expect, it } from 'vitest'
import { chartWindow, nameWindow } from './chart-window'
import type { RangeName } from './ranges'

const now = 1_795_000_000_000
const [hour, day] = [3600, 86_400]

it.each<[RangeName, number | undefined, number, string]>([
  ['1h', undefined, hour, 'Last hour'],
  ['1h', now - 7_200_000, hour, 'Last hour'],
  ['1h', now - 600_500, 600.5, 'Last 11 minutes'],
  ['1h', now - 8_000, 300, 'Last 5 minutes'],
  ['1h', now + 500, 300, 'Last 5 minutes'],
  ['24h', now - 8_000, day, 'Last 24 hours'],
  ['7d', undefined, 7 * day, 'Last 7 days'],
  ['30d', now - 8_000, 30 * day, 'Last 30 days'],
])('of %s with the oldest sample at %s it shows %d s: %s', (range, oldestMs, seconds, name) => {
  const shown = chartWindow(range, oldestMs, now)
  expect(shown.to).toBeGreaterThanOrEqual(now / 1000)
  expect(shown.to - now / 1000).toBeLessThanOrEqual(seconds / 720)
  expect(shown.to - shown.from).toBeCloseTo(seconds)
  expect(nameWindow(range, shown)).toBe(name)
})

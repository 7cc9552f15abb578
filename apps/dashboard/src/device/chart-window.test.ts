import { expect, it } from 'vitest'
import { chartWindow, nameWindow } from './chart-window'

const now = 1_795_000_000_000

it.each([
  [undefined, 3600, 'Last hour'],
  [now - 7_200_000, 3600, 'Last hour'],
  [now - 600_500, 600.5, 'Last 11 minutes'],
  [now - 8_000, 300, 'Last 5 minutes'],
  [now + 500, 300, 'Last 5 minutes'],
])('with the oldest sample at %s it shows %d s: %s', (oldestMs, seconds, name) => {
  const shown = chartWindow(oldestMs, now)
  expect(shown.to).toBe(now / 1000)
  expect(shown.to - shown.from).toBeCloseTo(seconds)
  expect(nameWindow(shown)).toBe(name)
})

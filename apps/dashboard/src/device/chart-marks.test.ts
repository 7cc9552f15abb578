import { expect, test } from 'vitest'
import { type ChartMarks, edgesOf, marksWithin } from './chart-marks'

const band = (fromMs: number, toMs: number | null) => ({ fromMs, toMs, throttles: ['throttled' as const] })
const line = (atMs: number) => ({ atMs, revision: 1, build: 'e2b-q8_0', words: 'assigned' })
const window = { from: 100, to: 200 }

test.each<[string, ChartMarks, number, number]>([
  ['before it', { bands: [band(0, 100_000)], lines: [line(99_999)] }, 0, 0],
  ['after it', { bands: [band(200_000, null)], lines: [line(200_001)] }, 0, 0],
  ['at its edges', { bands: [band(0, 100_001)], lines: [line(100_000), line(200_000)] }, 1, 2],
  ['without an end', { bands: [band(0, null)], lines: [] }, 1, 0],
])('of marks %s a window has what it shows', (_, marks, bands, lines) => {
  const within = marksWithin(marks, window)
  expect([within.bands.length, within.lines.length]).toEqual([bands, lines])
})

test('a band is cut at the window, and one without an end reaches to its end', () => {
  expect(edgesOf(band(0, 150_000), window)).toEqual([100, 150])
  expect(edgesOf(band(120_000, null), window)).toEqual([120, 200])
})

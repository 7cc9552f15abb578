import { figureNames } from '@tradewind/protocol'
import type { SamplePoint } from '@tradewind/store'
import { describe, expect, it } from 'vitest'
import { appendPoints, breakGaps } from './break-gaps'

const point = (atMs: number, cpuBusy: number | null = 0.5): SamplePoint =>
  ({ ...Object.fromEntries(figureNames.map((name) => [name, null])), atMs, cpuBusy }) as SamplePoint

describe('breakGaps', () => {
  it('draws one line through samples that come as usual, live or not', () => {
    const points = [0, 10_000, 20_000, 21_000, 22_000, 32_000, 57_000].map((at) => point(at))
    expect(breakGaps(points, ['cpuBusy'])[1]).not.toContain(null)
  })

  it('breaks the line where more than two and a half intervals are missing', () => {
    const [times, cpu] = breakGaps([point(0), point(10_000), point(35_001)], ['cpuBusy'])
    expect(times).toEqual([0, 10, 22.5005, 35.001])
    expect(cpu).toEqual([0.5, 0.5, null, 0.5])
  })

  it('keeps an unknown figure unknown', () => {
    const [, cpu, load] = breakGaps([point(0, null), point(10_000, 0)], ['cpuBusy', 'load1'])
    expect(cpu).toEqual([null, 0])
    expect(load).toEqual([null, null])
  })

  it('has nothing to draw of nothing', () => {
    expect(breakGaps([], ['cpuBusy', 'load1'])).toEqual([[], [], []])
  })
})

describe('appendPoints', () => {
  it('puts late samples in their place, takes none twice, and forgets the old', () => {
    const known = [point(1000), point(2000), point(5000)]
    const points = appendPoints(known, [point(3000), point(5000), point(6000)], 2000)
    expect(points.map(({ atMs }) => atMs)).toEqual([2000, 3000, 5000, 6000])
  })
})

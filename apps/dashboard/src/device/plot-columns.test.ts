import { describe, expect, it } from 'vitest'
import { lonePoints, plotColumns } from './plot-columns'
import type { Series } from './series'

const raw = (seconds: number[], cpuBusy: (number | null)[] = seconds.map(() => 0.5)): Series => ({
  bucketMs: null,
  atMs: seconds.map((second) => second * 1000),
  figures: { cpuBusy: { min: cpuBusy, mean: cpuBusy, max: cpuBusy } },
})

describe('plotColumns', () => {
  it('draws one line through samples that come as usual, live or not', () => {
    expect(plotColumns(raw([0, 10, 20, 21, 22, 32, 57]), ['cpuBusy'])[1]).not.toContain(null)
  })

  it('breaks the line where more than two and a half intervals are missing', () => {
    const [seconds, cpu] = plotColumns(raw([0, 10, 35.001]), ['cpuBusy'])
    expect(seconds).toEqual([0, 10, 22.5005, 35.001])
    expect(cpu).toEqual([0.5, 0.5, null, 0.5])
  })

  it('keeps an unknown figure unknown, and one that is not there as well', () => {
    const [, cpu, load] = plotColumns(raw([0, 10], [null, 0]), ['cpuBusy', 'load1'])
    expect(cpu).toEqual([null, 0])
    expect(load).toEqual([null, null])
  })

  it('has nothing to draw of nothing', () => {
    expect(plotColumns(raw([]), ['cpuBusy', 'load1'])).toEqual([[], [], []])
  })

  it('gives a point that stands for a minute its min and max, and breaks where a minute is missing', () => {
    const series: Series = {
      bucketMs: 60_000,
      atMs: [0, 60_000, 180_000],
      figures: { load1: { min: [0, 1, 2], mean: [1, 2, 3], max: [2, 3, 4] } },
    }
    expect(plotColumns(series, ['load1'])).toEqual([
      [0, 60, 120, 180],
      [1, 2, null, 3],
      [0, 1, null, 2],
      [2, 3, null, 4],
    ])
  })
})

it.each<[(number | null)[], number[]]>([
  [[], []],
  [[null, null], []],
  [[1, 2, 3], [2]],
  [
    [1, null, 2, 3, null],
    [0, 3],
  ],
  [
    [null, 1, null, 2, null, 3, 4],
    [1, 3, 6],
  ],
])('of %j the points %j are seen only as dots', (column, dots) => expect(lonePoints(column)).toEqual(dots))

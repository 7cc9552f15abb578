import { type FigureName, figureNames } from '@tradewind/protocol'
import type { SamplePoint } from '@tradewind/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendSamples, joined, type Series, seriesOfSamples, widened } from './series'

const sample = (atMs: number, cpuBusy: number | null = 0.5): SamplePoint =>
  ({ ...Object.fromEntries(figureNames.map((name) => [name, null])), atMs, cpuBusy }) as SamplePoint
const cpu: FigureName[] = ['cpuBusy']
const minuteMs = 60_000

describe('seriesOfSamples', () => {
  it('shows samples as they are', () => {
    const series = seriesOfSamples([sample(1000, 0.25), sample(2000, null)], null, cpu)
    const values = [0.25, null]
    expect(series).toEqual({
      bucketMs: null,
      atMs: [1000, 2000],
      figures: { cpuBusy: { min: values, mean: values, max: values } },
    })
  })

  it('gathers them in buckets, each at its start, and leaves out the empty ones', () => {
    const samples = [sample(59_999, 0), sample(60_000, 0.2), sample(90_000, 0.6), sample(200_000, null)]
    expect(seriesOfSamples(samples, minuteMs, cpu)).toEqual({
      bucketMs: minuteMs,
      atMs: [0, 60_000, 180_000],
      figures: { cpuBusy: { min: [0, 0.2, null], mean: [0, 0.4, null], max: [0, 0.6, null] } },
    })
  })

  it('comes to the same whether all is gathered at once or cut where a bucket begins', () => {
    const times = fc.uniqueArray(fc.nat({ max: 600_000 }), { maxLength: 60 }).map((all) => all.sort((a, b) => a - b))
    fc.assert(
      fc.property(times, fc.nat({ max: 10 }), (all, minutes) => {
        const samples = all.map((atMs) => sample(atMs, (atMs % 100) / 100))
        const cut = minutes * minuteMs
        const early = samples.filter(({ atMs }) => atMs < cut)
        const late = samples.filter(({ atMs }) => atMs >= cut)
        expect(joined(seriesOfSamples(early, minuteMs, cpu), seriesOfSamples(late, minuteMs, cpu))).toEqual(
          seriesOfSamples(samples, minuteMs, cpu),
        )
      }),
    )
  })
})

describe('widened', () => {
  const minutes = (count: number): Series => {
    const at = Array.from({ length: count }, (_, i) => i)
    return {
      bucketMs: minuteMs,
      atMs: at.map((i) => i * minuteMs),
      figures: { load1: { min: at.map((i) => i - 1), mean: at, max: at.map((i) => (i === 3 ? null : i + 1)) } },
    }
  }

  it('has as many points as there is room for, and loses no peak', () => {
    const wide = widened(minutes(7), 10 * minuteMs, 2)
    expect(wide).toEqual({
      bucketMs: 5 * minuteMs,
      atMs: [0, 5 * minuteMs],
      figures: { load1: { min: [-1, 4], mean: [2, 5.5], max: [5, 7] } },
    })
  })

  it('keeps a gap a gap, and the unknown unknown', () => {
    const gap: Series = {
      bucketMs: minuteMs,
      atMs: [0, 20 * minuteMs],
      figures: { load1: { min: [null, 1], mean: [null, 1], max: [null, 1] } },
    }
    expect(widened(gap, 10 * minuteMs, 2)).toMatchObject({
      atMs: [0, 20 * minuteMs],
      figures: { load1: { mean: [null, 1] } },
    })
  })

  it('leaves alone what has room, and samples', () => {
    const series = minutes(7)
    expect(widened(series, 7 * minuteMs, 7)).toBe(series)
    const raw = seriesOfSamples([sample(1), sample(2)], null, cpu)
    expect(widened(raw, 30 * 24 * 60 * minuteMs, 2)).toBe(raw)
  })
})

describe('appendSamples', () => {
  it('puts late samples in their place, takes none twice, and forgets the old', () => {
    const known = [sample(1000), sample(2000), sample(5000)]
    const samples = appendSamples(known, [sample(3000), sample(5000), sample(6000)], 2000)
    expect(samples.map(({ atMs }) => atMs)).toEqual([2000, 3000, 5000, 6000])
  })
})

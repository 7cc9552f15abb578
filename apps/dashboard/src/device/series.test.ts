import { type FigureName, figureNames } from '@tradewind/protocol'
import type { SamplePoint } from '@tradewind/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendSamples, joined, seriesOfSamples } from './series'

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

describe('appendSamples', () => {
  it('puts late samples in their place, takes none twice, and forgets the old', () => {
    const known = [sample(1000), sample(2000), sample(5000)]
    const samples = appendSamples(known, [sample(3000), sample(5000), sample(6000)], 2000)
    expect(samples.map(({ atMs }) => atMs)).toEqual([2000, 3000, 5000, 6000])
  })
})

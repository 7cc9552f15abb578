import { figureNames, type Work, workNames } from '@tradewind/protocol'
import type { WorkDone } from '@tradewind/store'
import { expect, it } from 'vitest'
import { chartSpecs, chartsOf, yRange } from './charts'
import type { Series } from './series'

const spec = (id: string) => {
  const found = chartSpecs.find((one) => one.id === id)
  if (!found) throw new Error(`no chart ${id}`)
  return found
}

it('draws figures that exist, each in one chart', () => {
  const drawn = chartSpecs.flatMap(({ lines }) => lines.map(({ figure }) => figure))
  expect(new Set(drawn).size).toBe(drawn.length)
  expect(figureNames).toEqual(expect.arrayContaining(drawn))
})

it('gives a share the whole axis, whatever was measured', () => {
  expect(yRange(spec('cpu'), 0.2, 0.3)).toEqual([0, 1])
  expect(yRange(spec('cpu'), null, null)).toEqual([0, 1])
})

it('does not make drama of half a degree', () => {
  const [low, high] = yRange(spec('temperature'), 48, 48.5)
  expect(high - low).toBeCloseTo(10)
  expect((low + high) / 2).toBeCloseTo(48.25)
})

it('always holds all that was measured', () => {
  for (const chart of chartSpecs.filter(({ axis }) => axis.top === undefined)) {
    const [low, high] = yRange(chart, 30, 95)
    expect(low).toBeLessThanOrEqual(30)
    expect(high).toBeGreaterThanOrEqual(95)
  }
})

const worked = (work: Work): WorkDone =>
  ({ ...Object.fromEntries(workNames.map((name) => [name, 0])), ...work }) as WorkDone
const values = (...max: (number | null)[]) => ({ min: max, mean: max, max })
const seriesOf = (figures: Series['figures']): Series => ({ bucketMs: null, atMs: [1, 2], figures })
const drawn = (work: Work, figures: Series['figures'] = {}) =>
  chartsOf(worked(work), seriesOf(figures)).flatMap(({ id, work }) => (work ? [id] : []))

it('draws of work what the device did lately, or does now', () => {
  expect(drawn({})).toEqual([])
  expect(drawn({}, { requestsWaiting: values(0, 0), tokensPerSecond: values(null, null) })).toEqual([])
  expect(drawn({ requests: 1, generatedTokens: 5 })).toEqual(['tokens', 'queue'])
  expect(drawn({}, { realTimeFactor: values(null, 0.4) })).toEqual(['real-time-factor'])
})

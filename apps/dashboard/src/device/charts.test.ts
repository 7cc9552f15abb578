import { figureNames } from '@tradewind/protocol'
import { expect, it } from 'vitest'
import { chartSpecs, yRange } from './charts'

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

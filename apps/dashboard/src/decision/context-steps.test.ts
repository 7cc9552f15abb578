import { expect, test } from 'vitest'
import { contextSteps, nearestStep, stepWithin } from './context-steps'

test('the steps rise, begin at 1,024, end at the most, and hold the context that is asked for', () => {
  const steps = contextSteps(262_144, 5000)
  expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  expect([steps[0], steps.at(-1), steps.includes(5000)]).toEqual([1024, 262_144, true])
  expect(steps.slice(0, 5)).toEqual([1024, 1536, 2048, 3072, 4096])
})

test('a context that is asked for twice is one step', () => {
  expect(contextSteps(8192, 4096).filter((step) => step === 4096)).toHaveLength(1)
})

test.each([
  [4096, 4],
  [4500, 4],
  [1, 0],
  [10_000_000, 6],
])('the step nearest to %i is the %i.', (context, at) => {
  expect(nearestStep([1024, 1536, 2048, 3072, 4096, 6144, 8192], context)).toBe(at)
})

test('within what fits is the largest step that is not above it', () => {
  expect([stepWithin([1024, 2048], 2047), stepWithin([1024, 2048], 512)]).toEqual([0, null])
})

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LatestFigures } from './latest-figures'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const at = (atMs: number) => ({ atMs, cpuBusy: 0.5, temperatureC: null })

it('tells the rows of the changed devices, once for many samples', () => {
  const figures = new LatestFigures([['a', at(1)]], 250)
  const a = vi.fn()
  const b = vi.fn()
  figures.watch('a', a)
  figures.watch('b', b)
  for (let i = 2; i < 50; i++) figures.offer('a', at(i))
  expect(a).not.toHaveBeenCalled()
  vi.advanceTimersByTime(250)
  expect(a).toHaveBeenCalledOnce()
  expect(b).not.toHaveBeenCalled()
  expect(figures.get('a')).toEqual(at(49))
})

it('keeps the newest when a late sample comes', () => {
  const figures = new LatestFigures([['a', at(10)]])
  figures.offer('a', at(5))
  expect(figures.get('a')).toEqual(at(10))
})

it('forgets a row that is no longer shown', () => {
  const figures = new LatestFigures([])
  const gone = vi.fn()
  figures.watch('a', gone)()
  figures.offer('a', at(1))
  vi.runAllTimers()
  expect(gone).not.toHaveBeenCalled()
})

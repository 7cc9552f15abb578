import { describe, expect, it } from 'vitest'
import {
  ago,
  bytes,
  celsius,
  load,
  megahertz,
  percent,
  perSecond,
  rate,
  realTime,
  seconds,
  span,
  until,
} from './format'

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [999, '999 B'],
    [1000, '0.98 KiB'],
    [1024, '1.00 KiB'],
    [12.5 * 1024, '12.5 KiB'],
    [8 * 1024 ** 3, '8.00 GiB'],
    [125 * 1024 ** 3, '125 GiB'],
    [5000 * 1024 ** 4, '5,000 TiB'],
  ])('%d is %s', (value, words) => expect(bytes(value)).toBe(words))

  it('never needs more than four digits below a tebibyte', () => {
    for (let value = 1; value < 1024 ** 4; value = Math.ceil(value * 1.07))
      expect(bytes(value).replace(/\D/g, '').length).toBeLessThanOrEqual(3)
  })
})

it('keeps the unit on every figure', () => {
  expect(rate(1536)).toBe('1.50 KiB/s')
  expect(percent(0.074)).toBe('7 %')
  expect(celsius(48.25)).toBe('48.3 °C')
  expect(load(0.5)).toBe('0.50')
  expect(megahertz(2400)).toBe('2.40 GHz')
  expect(megahertz(600)).toBe('600 MHz')
  expect(perSecond(11.83)).toBe('11.8 tokens/s')
  expect(seconds(840)).toBe('0.84 s')
  expect(seconds(4)).toBe('under 0.01 s')
  expect(realTime(0.557)).toBe('0.56 s for 1 s of speech')
})

describe('span', () => {
  it.each([
    [-5, '0 s'],
    [12_900, '12 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [86_400_000, '1 day'],
    [3 * 86_400_000, '3 days'],
  ])('%d ms is %s', (ms, words) => expect(span(ms)).toBe(words))
})

it('says what is just ahead of the clock as now', () => {
  expect(ago(1_500, 1_000)).toBe('just now')
  expect(ago(0, 12_000)).toBe('12 s ago')
  expect(until(0, 1)).toBe('now')
  expect(until(86_399_000, 0)).toBe('in 1 day')
  expect(until(5_000, 0)).toBe('in 1 min')
})

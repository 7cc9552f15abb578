import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DeviceMoment, dateMoment } from './moment'

const received = Date.UTC(2026, 10, 24, 12)
const hour = 3_600_000
const sent = { boot: 'second', mono: 2 * hour, at: received }
const moment = (more: Partial<DeviceMoment>): DeviceMoment => ({
  boot: 'second',
  mono: hour,
  at: received - hour,
  clock: 'system',
  ...more,
})

describe('dates', () => {
  test.each<[string, Partial<DeviceMoment>, number]>([
    ['in this boot, by its monotonic clock', {}, received - hour],
    ['in this boot, wall clock at 1970', { at: 12 }, received - hour],
    ['in this boot, wall clock of 2040', { at: Date.UTC(2040, 0) }, received - hour],
    ['in this boot, just now', { mono: 2 * hour }, received],
    ['in this boot, after it was sent', { mono: 3 * hour }, received],
    [
      'in an earlier boot, clock set by the hub',
      { boot: 'first', clock: 'hub', at: received - 9 * hour },
      received - 9 * hour,
    ],
    [
      'in an earlier boot, clock set by the hub yet ahead',
      { boot: 'first', clock: 'hub', at: received + hour },
      received,
    ],
    ['in an earlier boot, system clock plausible', { boot: 'first', at: received - 9 * hour }, received - 9 * hour],
    ['in an earlier boot, system clock inside this boot', { boot: 'first', at: received - hour }, received - 2 * hour],
    ['in an earlier boot, system clock at 1970', { boot: 'first', at: 12 }, received - 2 * hour],
    ['in an earlier boot, system clock of 2040', { boot: 'first', at: Date.UTC(2040, 0) }, received - 2 * hour],
  ])('%s', (_, more, atMs) => {
    expect(dateMoment(moment(more), sent, received)).toBe(atMs)
  })
})

const mono = fc.double({ min: 0, max: 1e11, noNaN: true })
const at = fc.nat({ max: 4_000_000_000_000 })
const clock = fc.constantFrom('hub' as const, 'system' as const)
const boot = fc.constantFrom('first', 'second')
const receipt = fc.double({ min: 1_767_225_600_000, max: 3_000_000_000_000, noNaN: true })

test('nothing is dated after its receipt, before 1970, or between milliseconds', () => {
  const moments = fc.record({ boot, mono, at, clock })
  fc.assert(
    fc.property(moments, fc.record({ boot, mono, at }), receipt, (moment, sent, receivedMs) => {
      const atMs = dateMoment(moment, sent, receivedMs)
      expect(atMs).toBeLessThanOrEqual(receivedMs)
      expect(atMs).toBeGreaterThanOrEqual(0)
      expect(Number.isInteger(atMs)).toBe(true)
    }),
  )
})

test('within one boot neither wall clock has any say', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 1e9 }),
      fc.nat({ max: 1e9 }),
      at,
      at,
      clock,
      receipt,
      (age, monoMs, at, sentAt, clock, receivedMs) => {
        const sent = { boot: 'b', mono: monoMs + age, at: sentAt }
        const dated = dateMoment({ boot: 'b', mono: monoMs, at, clock }, sent, receivedMs)
        expect(dated).toBe(Math.floor(receivedMs) - age)
      },
    ),
  )
})

test('what happened in an earlier boot is never dated into this one unless the hub had set the clock', () => {
  fc.assert(
    fc.property(mono, at, fc.nat({ max: 1e9 }), receipt, (mono, at, uptime, receivedMs) => {
      const dated = dateMoment({ boot: 'first', mono, at, clock: 'system' }, { ...sent, mono: uptime }, receivedMs)
      expect(dated).toBeLessThanOrEqual(Math.floor(receivedMs) - uptime)
    }),
  )
})

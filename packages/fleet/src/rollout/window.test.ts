import { MaintenanceWindow } from '@tradewind/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOpen, opensAt } from './rollout'

const nights = { zone: 'Europe/Berlin', from: '22:00', to: '05:00' }
const fridays = { ...nights, days: ['fri'] }

test.each<[object, string, string]>([
  // window, now, opens (the same: it is open)
  [nights, '2026-11-24T20:59:59Z', '2026-11-24T21:00:00Z'],
  [nights, '2026-11-24T21:00:00Z', '2026-11-24T21:00:00Z'],
  [nights, '2026-11-25T03:59:59Z', '2026-11-25T03:59:59Z'],
  [nights, '2026-11-25T04:00:00Z', '2026-11-25T21:00:00Z'],
  [nights, '2026-07-01T19:59:00Z', '2026-07-01T20:00:00Z'],
  [fridays, '2026-11-28T03:59:00Z', '2026-11-28T03:59:00Z'], // Saturday before five: still Friday's night
  [fridays, '2026-11-28T21:30:00Z', '2026-12-04T21:00:00Z'],
  [fridays, '2026-10-24T12:00:00Z', '2026-10-30T21:00:00Z'], // clocks go back in between
  [{ ...nights, zone: '-03:30' }, '2026-11-24T20:00:00Z', '2026-11-25T01:30:00Z'],
  [{ zone: 'UTC', from: '00:00', to: '00:00', days: ['sun'] }, '2026-11-28T23:00:00Z', '2026-11-29T00:00:00Z'],
])('%j: from %s the next opening is %s', (window, now, opens) => {
  expect(new Date(opensAt(MaintenanceWindow.parse(window), Date.parse(now))).toISOString()).toBe(
    new Date(opens).toISOString(),
  )
})

test.each([['Europe/Nowhere'], ['+25:00'], ['']])('%j is no zone', (zone) => {
  expect(MaintenanceWindow.safeParse({ ...nights, zone }).success).toBe(false)
})

test('it is open when it is said to open, and closed a minute before', () => {
  const time = fc.record({ hours: fc.nat({ max: 23 }), quarters: fc.nat({ max: 3 }) })
  const text = ({ hours, quarters }: { hours: number; quarters: number }) =>
    `${String(hours).padStart(2, '0')}:${String(quarters * 15).padStart(2, '0')}`
  const start = Date.parse('2026-11-01T00:00:00Z')
  fc.assert(
    fc.property(time, time, fc.integer({ min: 0, max: 30 * 86_400_000 }), (from, to, ms) => {
      const window = MaintenanceWindow.parse({
        zone: 'Asia/Kolkata',
        days: ['tue', 'thu'],
        from: text(from),
        to: text(to),
      })
      const opens = opensAt(window, start + ms)
      expect(isOpen(window, opens)).toBe(true)
      if (opens > start + ms) expect(isOpen(window, opens - 60_000)).toBe(false)
    }),
  )
})

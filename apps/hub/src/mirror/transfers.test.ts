import { expect, test } from 'vitest'
import { Transfers } from './transfers'

test('whoever finds no place comes back when one should be free, those before first', () => {
  let nowMs = 0
  const transfers = new Transfers(2, () => nowMs)
  const first = transfers.begin('a', 1_000_000)
  transfers.begin('b', 3_000_000)
  expect(transfers.begin('c', 1)).toEqual({ ok: false, retryAfterSeconds: 5 }) // nothing was measured yet
  nowMs = 1_000
  if (first.ok) first.transfer.sent(500_000)
  // places become free every 2,000,000 B / 500,000 B/s = 4 s; c comes first
  expect(transfers.begin('d', 1)).toEqual({ ok: false, retryAfterSeconds: 8 })
  expect(transfers.begin('e', 1)).toEqual({ ok: false, retryAfterSeconds: 12 })
  // asking again early changes no turn
  expect(transfers.begin('d', 1)).toEqual({ ok: false, retryAfterSeconds: 8 })
  if (first.ok) first.transfer.end()
  expect(transfers.count).toBe(1)
  expect(transfers.begin('c', 1).ok).toBe(true)
})

test('nobody is sent away for longer than devices are patient', () => {
  let nowMs = 0
  const transfers = new Transfers(1, () => nowMs)
  const one = transfers.begin('a', 1e12)
  nowMs = 1_000
  if (one.ok) one.transfer.sent(1)
  expect(transfers.begin('b', 1)).toEqual({ ok: false, retryAfterSeconds: 240 })
})

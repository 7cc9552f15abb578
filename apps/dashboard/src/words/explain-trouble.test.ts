import { hence } from '@tradewind/fleet'
import { expect, test } from 'vitest'
import { explainRetry, explainTrouble } from './explain-trouble'
import { explainFailure } from './name-serving'

test('every code that a device may fail with has words of its own', () => {
  const unknown = explainFailure('a code that is new')
  const without = Object.keys(hence).filter((code) => explainTrouble(code).says === unknown)
  expect(without).toEqual([])
})

test('a disk that is short says by how much, where the device told', () => {
  const detail = { needBytes: 5.5 * 2 ** 30, haveBytes: 2 ** 30 }
  expect(explainTrouble('disk-short', detail).says).toBe('The files need 5.50 GiB of disk, and 1.00 GiB are there.')
  expect(explainTrouble('disk-short').says).toBe('The disk has too little room.')
})

test.each([
  [null, 'It is not tried again by itself.'],
  [90_000, 'It is tried again in 1 min.'],
  [0, 'It is tried again now.'],
])('a retry at %s', (retryAt, words) => {
  expect(explainRetry(retryAt, 1000)).toBe(words)
})

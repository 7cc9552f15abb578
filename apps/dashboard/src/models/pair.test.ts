import { expect, test } from 'vitest'
import { readPair, withOne, writePair } from './pair'

const variants = [{ id: 'e2b' }, { id: 'e4b' }, { id: '31b' }]

test.each([
  ['e2b,31b', [0, 2]],
  ['31b,e2b', [2, 0]],
  ['e2b,e2b', null],
  ['e2b', null],
  ['e2b,e9b', null],
  [null, null],
])('%s', (text, pair) => {
  expect(readPair(text, variants)).toEqual(pair)
  if (pair) expect(writePair(pair as [number, number], variants)).toBe(text)
})

test('choosing what stands on the other side changes places', () => {
  expect(withOne([0, 1], 0, 2)).toEqual([2, 1])
  expect(withOne([0, 1], 0, 1)).toEqual([1, 0])
  expect(withOne([0, 1], 1, 0)).toEqual([1, 0])
})

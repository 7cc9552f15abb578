import { describe, expect, test } from 'vitest'
import { contextWords, differenceWords, figureWords, refusalName } from './name-model'

describe('a figure has its unit', () => {
  test.each([
    [131_072, 'tokens', '131,072 tokens'],
    [66.4, 'percent', '66.4 %'],
    [0.069, 'share', '6.9 %'],
    [5.1e9, 'parameters', '5.1 B'],
    [-45, 'index', '−45'],
    [2150, 'rating', '2,150'],
    [33.47, 'bleu', '33.47 BLEU'],
  ] as const)('%d as %s', (value, unit, words) => {
    expect(figureWords(value, unit)).toBe(words)
  })
})

test.each([
  [19.1, 66.4, 'percent', '+47.3 points'],
  [0.09, 0.069, 'share', '−2.1 points'],
  [131_072, 262_144, 'tokens', '+131,072 tokens'],
  [-20, -45, 'index', '−25'],
  [25.4, 25.4, 'percent', 'the same'],
] as const)('from %d to %d (%s) it is %s', (from, to, unit, words) => {
  expect(differenceWords(from, to, unit)).toBe(words)
})

test('contexts of a group are a range where they differ', () => {
  expect(contextWords({ least: 4096, most: 4096 })).toBe('4,096 tokens')
  expect(contextWords({ least: 4096, most: 131_072 })).toBe('4,096 to 131,072 tokens')
})

test('a code that nobody named is still readable', () => {
  expect(refusalName('memory-short')).toBe('too little memory')
  expect(refusalName('sails-torn')).toBe('sails torn')
})

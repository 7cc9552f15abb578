import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordErrorRate, wordErrors } from './word-errors'

test.each([
  ['one two three', 'one two three', 0],
  ['One, two — three!', 'one two three', 0],
  ['one two three', 'one three', 1],
  ['one two three', 'one two two three', 1],
  ['one two three', 'one too three', 1],
  ['one two three', '', 3],
  ['', 'one', 1],
  ['sí uno', 'si uno', 1],
  ['a b c d', 'b c d a', 2],
])('of %j, heard as %j, %i words are wrong', (said, heard, errors) => {
  expect(wordErrors(said, heard)).toEqual({ errors, words: said === '' ? 0 : said.split(/\s+[—\s]*/).length })
})

test('long clips count for more', () => {
  expect(wordErrorRate([wordErrors('a', 'b'), wordErrors('a b c', 'a b c')])).toBe(0.25)
})

test('the number of errors is a distance', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }).map((words) => words.join(' '))
  fc.assert(
    fc.property(text, text, text, (a, b, c) => {
      const between = (x: string, y: string) => wordErrors(x, y).errors
      expect(between(a, b)).toBe(between(b, a))
      expect(between(a, a)).toBe(0)
      expect(between(a, c)).toBeLessThanOrEqual(between(a, b) + between(b, c))
    }),
  )
})

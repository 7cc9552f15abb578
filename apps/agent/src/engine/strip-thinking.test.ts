import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stripThinking, ThoughtStripper } from './strip-thinking'

test.each([
  ['nothing leaks', 'one two', 'one two'],
  ['an empty thought, as the larger sizes write it', '<|channel>thought\n<channel|>one two', 'one two'],
  ['a whole thought', '<|channel>thought\nHmm, what is it?<channel|>one two', 'one two'],
  ['an end without a beginning: the mark goes, the text stays', 'one<channel|> two', 'one two'],
  ['a thought that never ends', 'one <|channel>thought\nand so', 'one '],
  ['the marks of a turn', '<bos>one two<turn|>', 'one two'],
  ['what only looks like one', 'a < b <turn and <|chan', 'a < b <turn and <|chan'],
])('%s', (_, text, said) => {
  expect(stripThinking(text)).toBe(said)
})

test('the same comes out however the text is cut', () => {
  const part = fc.constantFrom(
    '<|channel>',
    '<channel|>',
    '<turn|>',
    '<|',
    '<',
    '|>',
    'thought\n',
    'one ',
    'ñ',
    '<bos>',
    '<channel',
  )
  fc.assert(
    fc.property(fc.array(part), fc.array(fc.nat({ max: 5 })), (parts, cuts) => {
      const text = parts.join('')
      const stripper = new ThoughtStripper()
      let said = ''
      let at = 0
      for (const length of cuts) {
        said += stripper.push(text.slice(at, at + length))
        at += length
      }
      said += stripper.push(text.slice(at)) + stripper.end()
      expect(said).toBe(stripThinking(text))
    }),
    { numRuns: 1_000 },
  )
})

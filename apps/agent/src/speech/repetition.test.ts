import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loopIn, untilLoop } from './repetition'

test.each([
  ['what people say', 'The ship leaves at noon and comes back at night.', null],
  ['a stutter', 'No, no, no, no, I did not say that.', null],
  ['a chorus sung three times', 'we will rock you we will rock you we will rock you', null],
  ['numbers that count on', '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20', null],
  ['nothing', '', null],
  ['one word for ever', 'So the the the the the the the the the', 'So the'],
  [
    'a phrase for ever',
    'He went home. Thank you very much. Thank you very much. Thank you very much. Thank you very much.',
    'He went home. Thank you very much.',
  ],
  ['in other case and punctuation', 'Oh yes. oh, yes oh yes! OH YES; oh yes', 'Oh yes.'],
  ['a script without spaces', '今日は今日は今日は今日は今日は', '今日は'],
])('%s', (_, text, kept) => {
  expect(untilLoop(text)).toBe(kept ?? text)
  expect(loopIn(text) === null).toBe(kept === null)
})

const words = fc.uniqueArray(fc.constantFrom(...'abcdefghijklmnop'), { minLength: 1, maxLength: 12 })

test('any phrase that goes on and on is found, whatever was said before, and is kept once', () => {
  fc.assert(
    fc.property(words, fc.integer({ min: 7, max: 30 }), (phrase, times) => {
      const text = ['before', 'it', ...Array.from({ length: times }, () => phrase).flat()].join(' ')
      expect(untilLoop(text)).toBe(['before', 'it', ...phrase].join(' '))
    }),
  )
})

test('words that are all different are never a loop', () => {
  fc.assert(fc.property(words, (said) => loopIn(said.join(' ')) === null))
})

test('what is kept is a beginning of the text and has no loop of its own', () => {
  const few = fc.array(fc.constantFrom('la', 'le', 'lu'), { maxLength: 60 }).map((all) => all.join(' '))
  fc.assert(
    fc.property(few, (text) => {
      const kept = untilLoop(text)
      expect(text.startsWith(kept)).toBe(true)
    }),
  )
})

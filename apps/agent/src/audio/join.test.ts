import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { join } from './join'

describe('transcripts of segments become one text', () => {
  const cases: [string, [string, number][], string][] = [
    [
      'cut at a silence: as they are',
      [
        ['one two', 0],
        ['two three', 0],
      ],
      'one two two three',
    ],
    [
      'what both heard stands once',
      [
        ['the quick brown fox', 0],
        ['brown fox jumps', 1],
      ],
      'the quick brown fox jumps',
    ],
    [
      'case and punctuation do not count',
      [
        ['He said: stop it.', 0],
        ['Stop it, now', 1],
      ],
      'He said: stop it, now',
    ],
    [
      'the last word was cut off',
      [
        ['we sail at daw', 0],
        ['sail at dawn, all of us', 1],
      ],
      'we sail at dawn, all of us',
    ],
    [
      'the first word was cut off',
      [
        ['we sail at dawn', 0],
        ['ail at dawn with all', 1],
      ],
      'we sail at dawn with all',
    ],
    [
      'nothing in common: nothing is lost',
      [
        ['red green', 0],
        ['blue white', 1],
      ],
      'red green blue white',
    ],
    [
      'other scripts',
      [
        ['мы идём домой', 0],
        ['Домой, сейчас', 1],
      ],
      'мы идём Домой, сейчас',
    ],
    [
      'an empty one between',
      [
        ['one', 0],
        ['', 1],
        ['two', 0],
      ],
      'one two',
    ],
    ['nothing', [], ''],
  ]
  test.each(cases)('%s', (_, parts, text) => {
    expect(join(parts.map(([text, overlap]) => ({ text, overlap })))).toBe(text)
  })

  const word = fc.stringMatching(/^[a-z]{1,6}$/)
  test('without overlap not a word is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.array(word)), (texts) => {
        expect(join(texts.map((words) => ({ text: words.join(' '), overlap: 0 })))).toBe(texts.flat().join(' '))
      }),
    )
  })

  test('a text of different words comes back from any two pieces that share one to five of them', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 8, maxLength: 30 }),
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        (words, at, shared) => {
          const cut = shared + (at % (words.length - shared))
          const [first, second] = [words.slice(0, cut), words.slice(cut - shared)]
          expect(
            join([
              { text: first.join(' '), overlap: 0 },
              { text: second.join(' '), overlap: 1 },
            ]),
          ).toBe(words.join(' '))
        },
      ),
    )
  })
})

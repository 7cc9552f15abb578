/** How far what was heard is from what was said: words put in, left out or replaced, of so many that were said. */
export type WordErrors = { errors: number; words: number }

/** The least number of changes that turn one into the other (Levenshtein, over words). Case and punctuation do not count. */
export function wordErrors(said: string, heard: string): WordErrors {
  const [a, b] = [wordsOf(said), wordsOf(heard)]
  let above = b.map((_, i) => i + 1)
  a.forEach((word, row) => {
    let [corner, left] = [row, row + 1]
    above = above.map((up, i) => {
      const least = Math.min(up + 1, left + 1, corner + (word === b[i] ? 0 : 1))
      corner = up
      left = least
      return least
    })
  })
  return { errors: above.at(-1) ?? a.length, words: a.length }
}

/** Of many clips together: all errors over all words, so that a long clip counts for more. NaN of no words. */
export function wordErrorRate(all: WordErrors[]): number {
  const sum = (of: (one: WordErrors) => number) => all.reduce((total, one) => total + of(one), 0)
  return sum(({ errors }) => errors) / sum(({ words }) => words)
}

const wordsOf = (text: string) =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}'\s]/gu, ' ')
    .split(/\s+/)
    .filter(Boolean)

/**
 * A model that lost the thread says the same few words until its tokens run out. People repeat themselves too ("no, no, no"),
 * so that short phrases must come back more often than long ones before it counts.
 */
const leastTimes = (words: number) => (words === 1 ? 7 : words <= 3 ? 5 : 4)
const longestPhrase = 16

/** One word each; in scripts that put no spaces between words, one character each. */
const word = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]|[\p{L}\p{M}\p{N}'’]+/gu

/** Where a phrase has been said once and begins to be said over and over: an index into the text, or null. */
export function loopIn(text: string): number | null {
  const words = [...text.matchAll(word)]
  const said = words.map(([one]) => one.toLowerCase())
  for (let first = 0; first < said.length; first++)
    for (let length = 1; length <= longestPhrase; length++)
      if (timesSaid(said, first, length) >= leastTimes(length)) return words[first + length]?.index ?? null
  return null
}

/** How often the phrase of so many words at `first` follows upon itself, itself included. */
function timesSaid(said: string[], first: number, length: number): number {
  let end = first + length
  while (end < said.length && said[end] === said[end - length]) end++
  return Math.floor((end - first) / length)
}

/** The text up to where it goes round in circles, with the phrase said once. */
export function untilLoop(text: string): string {
  const loop = loopIn(text)
  return loop === null ? text : text.slice(0, loop).trimEnd()
}

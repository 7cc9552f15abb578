/** A word without what two hearings of it may differ in: case, accents of punctuation, the signs around it. */
const bare = (word: string) => word.toLocaleLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** Words per second that nobody speaks faster than: more cannot be shared. */
const fastest = 6

/**
 * One text from the transcripts of segments in order. Of those that overlap (`overlap` in seconds, with the one before),
 * what both heard stands once; the first and the last word of an overlap may have been heard in part, and then go. The
 * last shared word is as the later one has it, who heard what comes next: a model ends what was cut off with a full stop.
 */
export function join(parts: { text: string; overlap: number }[]): string {
  let words: string[] = []
  for (const { text, overlap } of parts) {
    const next = text.split(/\s+/).filter(Boolean)
    const { kept, skipped } = seam(words, next, Math.ceil(overlap * fastest) + 1)
    words = [...words.slice(0, kept), ...next.slice(skipped)]
  }
  return words.join(' ')
}

/** How many words of the first to keep, and how many of the second to skip: the longest run that both have at the seam. */
function seam(first: string[], second: string[], most: number) {
  if (most <= 1) return { kept: first.length, skipped: 0 }
  for (let run = Math.min(most, first.length, second.length); run > 0; run--)
    for (const broken of [0, 1])
      for (const half of [0, 1]) {
        const kept = first.length - broken
        const shared = first.slice(kept - run, kept).map(bare)
        const heard = second.slice(half, half + run).map(bare)
        if (shared.length === run && heard.length === run && shared.every((word, i) => word && word === heard[i]))
          return { kept: kept - 1, skipped: half + run - 1 }
      }
  return { kept: first.length, skipped: 0 }
}

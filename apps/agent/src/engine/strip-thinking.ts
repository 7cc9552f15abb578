/** Where a thought ends and what is meant for people begins; turn marks are never meant for them. */
const thoughtEnds = '<channel|>'
const thoughtBegins = '<|channel>'
const marks = ['<turn|>', '<|turn>', '<eos>', '<bos>', '<|think|>']
const longestMark = Math.max(thoughtBegins.length, thoughtEnds.length, ...marks.map((mark) => mark.length))

/**
 * Strips what leaks of thoughts and turns from a text that comes in pieces: everything from `<|channel>` up to its
 * `<channel|>`, and the marks themselves. However the text is cut into pieces, the same comes out.
 */
export class ThoughtStripper {
  #held = ''
  #isThinking = false

  /** What may be said by now. */
  push(piece: string): string {
    this.#held += piece
    return this.#take(false)
  }

  /** What is left; a thought that never ended is dropped. */
  end(): string {
    return this.#take(true)
  }

  #take(isLast: boolean): string {
    let said = ''
    for (;;) {
      const begins = this.#isThinking ? -1 : this.#firstOf([thoughtBegins, ...marks])
      const ends = this.#held.indexOf(thoughtEnds)
      if (this.#isThinking) {
        if (ends < 0) {
          this.#held = isLast ? '' : this.#held.slice(-longestMark)
          return said
        }
        this.#held = this.#held.slice(ends + thoughtEnds.length)
        this.#isThinking = false
      } else if (begins >= 0 && (ends < 0 || begins < ends)) {
        said += this.#held.slice(0, begins)
        const mark = [thoughtBegins, ...marks].find((one) => this.#held.startsWith(one, begins)) ?? ''
        this.#held = this.#held.slice(begins + mark.length)
        this.#isThinking = mark === thoughtBegins
      } else if (ends >= 0) {
        said += this.#held.slice(0, ends)
        this.#held = this.#held.slice(ends + thoughtEnds.length)
      } else return said + this.#whatIsCertain(isLast)
    }
  }

  #firstOf(all: string[]): number {
    const places = all.map((mark) => this.#held.indexOf(mark)).filter((at) => at >= 0)
    return places.length > 0 ? Math.min(...places) : -1
  }

  /** All but an end that might become a mark. */
  #whatIsCertain(isLast: boolean): string {
    let keep = 0
    if (!isLast)
      for (let length = 1; length < longestMark && length <= this.#held.length; length++)
        if ([thoughtBegins, thoughtEnds, ...marks].some((mark) => mark.startsWith(this.#held.slice(-length))))
          keep = length
    const said = this.#held.slice(0, this.#held.length - keep)
    this.#held = this.#held.slice(this.#held.length - keep)
    return said
  }
}

export function stripThinking(text: string): string {
  const stripper = new ThoughtStripper()
  return stripper.push(text) + stripper.end()
}

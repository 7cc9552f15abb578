import type { Ending, Generation, Piece } from '../engine/engine'

export type Answer = { text: string } & Ending

/** Asks the engine once and waits for the whole answer. */
export type Ask = (generation: Generation) => Promise<Answer>

/** Collects the pieces of an answer. */
export async function wholeAnswer(pieces: AsyncIterable<Piece>): Promise<Answer> {
  let text = ''
  for await (const piece of pieces) {
    if (piece.is === 'end') {
      const { is: _, ...ending } = piece
      return { text, ...ending }
    }
    text += piece.text
  }
  throw new Error('the engine ended an answer without its end')
}

import type { Clip } from './clip'

/**
 * A stretch of speech for one question to the model. `start` and `end` are seconds in the clip; the samples go half a
 * second of silence further. `overlap` is what it shares with the one before, in seconds: 0 when cut at a silence.
 */
export type Segment = { start: number; end: number; samples: Float32Array; overlap: number }

/** The speech in a clip, in order, each segment at most `mostSeconds` long. No speech is no segments. */
export async function segmentsOf(_clip: Clip, _limits: { mostSeconds: number }): Promise<Segment[]> {
  throw new Error('segmentsOf: not there yet')
}

/** Sound as the model takes it: 16 kHz, mono, in [-1, 1]. */
export type Clip = { samples: Float32Array; seconds: number }

export type AudioRefusal = {
  code: 'not-audio' | 'audio-broken' | 'audio-empty' | 'audio-too-long' | 'audio-unsupported'
  /** with its numbers, and what to do */
  message: string
}

/** A stretch of a clip in which somebody speaks. Times in seconds of the clip. */
export type Segment = {
  start: number
  end: number
  /** with half a second of silence at the tail */
  samples: Float32Array
  /** seconds shared with the segment before; 0 where it was cut at a silence */
  overlap: number
}

/** What turns a file of any kind into speech. */
export type Audio = {
  decode(
    bytes: Uint8Array,
    limits: { mostSeconds: number },
    signal?: AbortSignal,
  ): Promise<{ ok: true; clip: Clip } | { ok: false; refusal: AudioRefusal }>
  /** No segments: nobody speaks. */
  segmentsOf(clip: Clip, limits: { mostSeconds: number }): Promise<Segment[]>
  /**
   * One text from the transcripts of segments in order. Of those that overlap (in seconds, with the one before), what both
   * heard stands once; a word that one heard in part may go.
   */
  join(parts: { text: string; overlap: number }[]): string
}

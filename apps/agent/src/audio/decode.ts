import type { Clip } from './clip'

export { type Clip, sampleRate } from './clip'

/** Why a file gives no clip. The message has the numbers and says what to do; it is safe to show to whoever sent the file. */
export type AudioRefusal = {
  code: 'not-audio' | 'audio-broken' | 'audio-empty' | 'audio-too-long' | 'audio-unsupported'
  message: string
}

export type Decoded = { ok: true; clip: Clip } | { ok: false; refusal: AudioRefusal }

/**
 * Any common sound file as a clip; the kind is told by its content, never by a name.
 * Throws the signal's reason when it is aborted.
 */
export async function decode(
  _bytes: Uint8Array,
  _limits: { mostSeconds: number },
  _signal?: AbortSignal,
): Promise<Decoded> {
  throw new Error('decode: not there yet')
}

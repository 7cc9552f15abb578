/** Why a file gives no clip. The message has the numbers and says what to do; whoever sent the file may read it. */
export type AudioRefusal = {
  code: 'not-audio' | 'audio-broken' | 'audio-empty' | 'audio-too-long' | 'audio-unsupported'
  message: string
}

/** Ends the reading of a file; `decode` answers with what is in it. */
export class Refused extends Error {
  constructor(
    readonly code: AudioRefusal['code'],
    message: string,
  ) {
    super(message)
  }
}

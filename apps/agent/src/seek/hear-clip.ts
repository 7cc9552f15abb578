import type { SmokeClip } from '@tradewind/protocol'
import type { Engine } from '../engine/engine'
import { wholeAnswer } from '../speech/ask'
import { hear, longestSegmentSeconds } from '../speech/hear'
import { languageOf } from '../speech/languages'
import { SeekError } from './seek-error'

const mostSeconds = 5 * 60

/** An operator's clip, heard as a program's would be. Throws `SeekError` `clip-unreadable`, and `EngineError`. */
export const clipHearer =
  (engine: Engine) =>
  async (bytes: Uint8Array, { language }: SmokeClip, build: string, signal: AbortSignal): Promise<string> => {
    const [{ decode }, { segmentsOf }, { join }] = await Promise.all([
      import('../audio/decode'),
      import('../audio/segments'),
      import('../audio/join'),
    ])
    const decoded = await decode(bytes, { mostSeconds }, signal)
    if (!decoded.ok) throw new SeekError('clip-unreadable', decoded.refusal.message, { why: decoded.refusal.code })
    const segments = await segmentsOf(decoded.clip, { mostSeconds: longestSegmentSeconds(build) })
    const wish = { language: languageOf(language), target: null, hint: '', temperature: 0 }
    const texts: string[] = []
    for await (const { text } of hear(segments, wish, (asked) => wholeAnswer(engine.generate(asked, signal)), join))
      texts.push(text)
    return texts.join(' ')
  }

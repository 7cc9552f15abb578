import type { Audio } from '@tradewind/agent/speech/audio'

/**
 * Fake audio: a file is text such as `speech 3 4.5` (segments of so many seconds, a second of silence after each),
 * `overlap 3 4` (each sharing half a second with the one before) or `silence 2`; all else is not audio. Files that begin with
 * RIFF hold their text after the head.
 */
export const scriptedAudio: Audio = {
  async decode(bytes, { mostSeconds }, signal) {
    signal?.throwIfAborted()
    const text = Buffer.from(bytes)
      .toString('latin1')
      .replace(/^RIFF[\s\S]{40}/, '')
    const [, kind, rest = ''] = /^(speech|overlap|silence)((?: [\d.]+)*)\s*$/.exec(text) ?? []
    if (!kind) return { ok: false, refusal: { code: 'not-audio', message: 'This is not audio. Send a wav file.' } }
    const lengths = rest.trim().split(' ').map(Number)
    const seconds = lengths.reduce((sum, length) => sum + length + 1, 0)
    if (seconds > mostSeconds)
      return { ok: false, refusal: { code: 'audio-too-long', message: `${seconds} s; at most ${mostSeconds} s.` } }
    // the plan of the segments travels in the samples: how, then the length of each
    const how = { silence: 0, speech: 1, overlap: 2 }[kind] ?? 0
    return { ok: true, clip: { samples: Float32Array.of(how, ...lengths), seconds } }
  },

  async segmentsOf({ samples: [how, ...lengths] }) {
    if (how === 0) return []
    const overlap = how === 2 ? 0.5 : 0
    let start = 0
    return lengths.map((length, at) => {
      const segment = { start, end: start + length, samples: Float32Array.of(length), overlap: at > 0 ? overlap : 0 }
      start = segment.end + (how === 2 ? -overlap : 1)
      return segment
    })
  },

  join(parts) {
    return parts.reduce((before, { text, overlap }) => {
      const [first, ...rest] = text.split(' ')
      return overlap > 0 && before.split(' ').at(-1) === first
        ? [before, ...rest].join(' ')
        : `${before} ${text}`.trim()
    }, '')
  },
}

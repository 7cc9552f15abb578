import { type Clip, sampleRate } from './clip'
import { after, before, frameSeconds, type Span, speechIn } from './speech'

/**
 * A stretch of speech for one question to the model. `start` and `end` are where its voice is, in seconds of the clip; the
 * samples begin a little before, and end a little after with half a second of silence. `overlap` is what it shares with the
 * one before, in seconds: 0 when cut at a silence.
 */
export type Segment = { start: number; end: number; samples: Float32Array; overlap: number }

/** Silence at the tail, in seconds: without it the model leaves out last words. */
const tail = 0.5

/** Pauses up to this long, in seconds, stay within a segment: context helps the model, and its times stay right. */
const longestPause = 1.3

/** Speech without a pause is cut within its last seconds, at the quietest place, and the next segment begins before it. */
const searched = 5
const shared = 1

/**
 * The speech in a clip, in order, each segment with its tail at most `mostSeconds` long (at least 5). No speech is no
 * segments.
 */
export async function segmentsOf(clip: Clip, { mostSeconds }: { mostSeconds: number }): Promise<Segment[]> {
  const most = mostSeconds - tail - before - after
  const { phrases, levels } = await speechIn(clip)
  return together(phrases, most)
    .flatMap((span) => cut(span, most, levels))
    .map(({ start, end, overlap, goesOn }) => {
      const from = overlap > 0 ? start : Math.max(0, start - before)
      const to = goesOn ? end : end + after
      const speech = clip.samples.subarray(Math.round(from * sampleRate), Math.round(to * sampleRate))
      const samples = new Float32Array(speech.length + tail * sampleRate)
      samples.set(speech)
      return { start, end, samples, overlap }
    })
}

/** Neighbours as one, while the pause between them and the whole stay short. */
function together(phrases: Span[], most: number): Span[] {
  const spans: Span[] = []
  for (const phrase of phrases) {
    const last = spans.at(-1)
    if (last && phrase.start - last.end <= longestPause && phrase.end - last.start <= most) last.end = phrase.end
    else spans.push({ ...phrase })
  }
  return spans
}

/** `goesOn`: the next part has its end too. */
type Part = Span & { overlap: number; goesOn: boolean }

function cut({ start, end }: Span, most: number, levels: Float32Array): Part[] {
  const parts: Part[] = []
  let [from, overlap] = [start, 0]
  while (end - from > most) {
    const to = quietest(levels, from + most - Math.min(searched, most / 2), from + most)
    parts.push({ start: from, end: to, overlap, goesOn: true })
    from = to - shared
    overlap = shared
  }
  return [...parts, { start: from, end, overlap, goesOn: false }]
}

/** The quietest moment between two others, in seconds. */
function quietest(levels: Float32Array, from: number, to: number): number {
  const first = Math.ceil(from / frameSeconds)
  const frames = levels.subarray(first, Math.floor(to / frameSeconds))
  const least = frames.reduce((best, level, i) => (level < (frames[best] ?? 0) ? i : best), 0)
  return (first + least) * frameSeconds
}

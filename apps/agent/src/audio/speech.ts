/// <reference path="./vad.d.ts" />
import { setImmediate as turn } from 'node:timers/promises'
import type { VAD } from '@ozymandiasthegreat/vad'
import { type Clip, sampleRate } from './clip'

/** From where to where, in seconds. */
export type Span = { start: number; end: number }

/** Samples of one frame: 20 ms, one of the lengths that the detector takes. */
const frameLength = 320
export const frameSeconds = frameLength / sampleRate

/** WebRTC's detector in its strictest mode: noise is less often taken for speech, and its last syllables are added below. */
const strictest = 3

/** Nothing quieter than this is speech, in dB below full height; nor what stands out less than so much of the quiet. */
const least = { level: -60, aboveQuiet: 6 }

/** Voice falls silent between syllables; hum and hiss do not. So much must lie between loud and quiet frames, in dB. */
const leastRise = 9

/**
 * Speech goes between vowels and consonants, which cross zero seldom and often; a tune or a swelling noise keeps its colour.
 * So much must lie between its louder frames, in crossings per sample, once it has lasted so many seconds: a word may be
 * all vowels, a sentence hardly. Measured: chords stay below 0.013, words of more than a second above 0.03.
 */
const leastChanges = [
  { crossings: 0.02, within: 1.2 },
  { crossings: 0.08, within: 4 },
]
/** What is so much quieter than the loudest frame of a phrase tells nothing of its colour, in dB. */
const louder = 25

/** Seconds: pauses within a phrase, and the least of voice in one. */
const pause = 0.3
const leastVoice = 0.06

/** Seconds that are heard along with a phrase at both ends, so that no word is cut. */
export const before = 0.2
export const after = 0.3

/** The phrases of a clip in order, none when there is no speech, from the first voice to the last; and how loud each frame is. */
export async function speechIn(clip: Clip): Promise<{ phrases: Span[]; levels: Float32Array }> {
  const frames = await framesOf(clip)
  const { levels, voiced } = frames
  const quiet = quantile(levels, 0.1)
  const floor = Math.max(least.level, Math.min(quiet, -30) + least.aboveQuiet)
  const runs: { from: number; to: number; voice: number }[] = []
  for (const [i, level] of levels.entries()) {
    if (!voiced[i] || level < floor) continue
    const last = runs.at(-1)
    if (last && (i - last.to) * frameSeconds <= pause) {
      last.to = i + 1
      last.voice++
    } else runs.push({ from: i, to: i + 1, voice: 1 })
  }
  const spans = runs
    .filter(({ voice }) => voice * frameSeconds >= leastVoice)
    .map(({ from, to }) => ({ start: from * frameSeconds, end: Math.min(clip.seconds, to * frameSeconds) }))
  return { phrases: apart(spans).filter((span) => rises(frames, span) && changes(frames, floor, span)), levels }
}

/** Spans of which the same would be heard become one. */
function apart(spans: Span[]): Span[] {
  const result: Span[] = []
  for (const span of spans) {
    const last = result.at(-1)
    if (last && span.start - before <= last.end + after) last.end = span.end
    else result.push({ ...span })
  }
  return result
}

function rises({ levels }: Frames, { start, end }: Span): boolean {
  const from = Math.max(0, start - before)
  const within = levels.subarray(Math.floor(from / frameSeconds), Math.ceil((end + after) / frameSeconds))
  return quantile(within, 0.9) - quantile(within, 0.1) >= leastRise
}

function changes({ levels, crossings }: Frames, floor: number, { start, end }: Span): boolean {
  const [from, to] = [Math.floor(start / frameSeconds), Math.floor(end / frameSeconds)]
  const loud = levels.subarray(from, to)
  const least = Math.max(floor, loud.reduce((most, level) => Math.max(most, level), -100) - louder)
  const heard = crossings.subarray(from, to).filter((_, i) => (loud[i] ?? -100) > least)
  const change = quantile(heard, 0.9) - quantile(heard, 0.1)
  return leastChanges.every(({ within, crossings }) => end - start < within || change >= crossings)
}

function quantile(values: Float32Array, share: number): number {
  return values.toSorted()[Math.floor((values.length - 1) * share)] ?? -100
}

/** Seconds of sound between two turns of the event loop: a few milliseconds of work. */
const turnEvery = 10

/** Of each frame: how loud it is, in dB below full height; how often it crosses zero, per sample; whether it is voice. */
type Frames = { levels: Float32Array; crossings: Float32Array; voiced: Uint8Array }

async function framesOf({ samples }: Clip): Promise<Frames> {
  const { default: load } = await import('@ozymandiasthegreat/vad/lib/embedded.js')
  const detector: VAD = new (await load())(strictest, sampleRate)
  const count = Math.ceil(samples.length / frameLength)
  const frames = {
    levels: new Float32Array(count),
    crossings: new Float32Array(count),
    voiced: new Uint8Array(count),
  }
  const heights = new Int16Array(frameLength)
  try {
    for (let i = 0; i < count; i++) {
      const frame = samples.subarray(i * frameLength, (i + 1) * frameLength)
      for (let k = 0; k < frameLength; k++) heights[k] = (frame[k] ?? 0) * 32767
      frames.levels[i] = levelOf(frame)
      frames.crossings[i] = crossingsOf(frame)
      frames.voiced[i] = detector.processFrame(heights) === 1 ? 1 : 0
      if (i % (turnEvery / frameSeconds) === 0) await turn()
    }
    return frames
  } finally {
    detector.destroy()
  }
}

function levelOf(frame: Float32Array): number {
  let power = 0
  for (const sample of frame) power += sample * sample
  return Math.max(-100, 10 * Math.log10(power / frame.length))
}

function crossingsOf(frame: Float32Array): number {
  let count = 0
  for (let i = 1; i < frame.length; i++) if ((frame[i] as number) * (frame[i - 1] as number) < 0) count++
  return count / frame.length
}

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Clip, clipOf, sampleRate } from './clip'
import { read } from './read'
import { segmentsOf } from './segments'
import { after, before, frameSeconds, speechIn } from './speech'
import { fixture, fixtures, joined, tone } from './testing'
import { wavOf } from './wav'

const heldout = path.join(fixtures, 'pocket/heldout')
const clips = readdirSync(heldout).filter((file) => file.endsWith('.flac'))
const words = async (file: string) =>
  clipOf(await read(new Uint8Array(readFileSync(path.join(heldout, file))), { mostSeconds: 60 }))
const silence = (seconds: number) => new Float32Array(Math.round(seconds * sampleRate))

/** Noise that is the same in each run, each sample within `height`. */
function noise(seconds: number, height: number): Float32Array {
  let seed = 1
  return silence(seconds).map(() => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    return (seed / 0x40000000 - 1) * height
  })
}

/** 0.4 s of a chord that dies away. */
const plucked = (hertz: number) => {
  const [third, fifth] = [tone(hertz * 1.26, 0.4), tone(hertz * 1.5, 0.4)]
  return tone(hertz, 0.4).map(
    (sample, i) => 0.4 * (sample + (third[i] ?? 0) + (fifth[i] ?? 0)) * Math.exp(-i / sampleRate / 0.3),
  )
}

/** The moments of a clip, in seconds, that are within 30 dB of its loudest. */
async function loudMoments(clip: Clip): Promise<number[]> {
  const levels = [...(await speechIn(clip)).levels]
  const loudest = Math.max(...levels)
  return levels.flatMap((level, i) => (level > loudest - 30 ? [(i + 0.5) * frameSeconds] : []))
}

test('of each of the 120 held-out clips all speech is in a segment, alone and in noise 20 dB below it', async () => {
  for (const file of clips) {
    const clip = await words(file)
    const loud = await loudMoments(clip)
    const hiss = noise(clip.seconds + 4, 0.01)
    const noisy = joined(silence(2), clip.samples, silence(2)).map((sample, i) => sample + (hiss[i] ?? 0))
    for (const [it, late] of [
      [clip, 0],
      [clipOf(noisy), 2],
    ] as const) {
      const segments = await segmentsOf(it, { mostSeconds: 30 })
      const heard = segments.map(({ start, end }) => ({ from: start - before - late, to: end + after - late }))
      const missed = loud.filter((at) => !heard.some(({ from, to }) => from <= at && at <= to))
      expect(missed, file).toEqual([])
    }
  }
  expect(clips.length).toBe(120)
}, 120_000)

test('long speech over the telephone is speech', async () => {
  const { samples } = clipOf(await read(fixture('audio/mono-8k-flac.flac'), { mostSeconds: 60 }))
  const clip = clipOf(joined(samples, samples, samples, samples))
  const segments = await segmentsOf(clip, { mostSeconds: 30 })
  expect(segments.map(({ start, end }) => end - start).reduce((sum, it) => sum + it, 0)).toBeGreaterThan(
    0.8 * clip.seconds,
  )
})

describe('what is no speech gives no segment', () => {
  test.each([
    ['silence', silence(60)],
    ['faint noise', noise(60, 0.003)],
    ['a chord that swells for two seconds', joined(silence(2), chord(2), silence(2))],
    ['noise', noise(60, 0.1)],
    ['loud noise', noise(60, 0.9)],
    ['hum', tone(50, 60).map((sample, i) => sample * 0.5 + 0.1 * Math.sin((2 * Math.PI * 150 * i) / sampleRate))],
    ['a tone', tone(1000, 60)],
    ['slow chords', joined(...Array.from({ length: 15 }, (_, i) => tone([220, 262, 294][i % 3] ?? 0, 4)))],
    ['noise that swells', noise(60, 0.3).map((sample, i) => sample * (1 + Math.sin((Math.PI * i) / sampleRate)) * 0.5)],
    [
      'plucked chords',
      joined(...Array.from({ length: 150 }, (_, i) => plucked([220, 262, 294, 330, 392][(i * 7) % 5] ?? 0))),
    ],
    ['nothing', silence(0)],
  ])('%s', async (_, samples) => {
    expect(await segmentsOf(clipOf(samples), { mostSeconds: 30 })).toEqual([])
  })
})

describe('segments', () => {
  test('split at long pauses, and tell when each was said within 0.2 s', async () => {
    const one = await words('0007.flac')
    const clip = clipOf(joined(silence(3), one.samples, silence(5), one.samples, silence(1), tone(50, 20), one.samples))
    const loud = await loudMoments(one)
    const [first, last] = [Math.min(...loud), Math.max(...loud)]
    const begins = [3, 3 + one.seconds + 5, 3 + one.seconds * 2 + 5 + 1 + 20]
    const segments = await segmentsOf(clip, { mostSeconds: 30 })
    expect(segments.length).toBe(begins.length)
    for (const [i, { start, end }] of segments.entries()) {
      expect(Math.abs(start - (begins[i] ?? 0) - first)).toBeLessThanOrEqual(0.2)
      expect(Math.abs(end - (begins[i] ?? 0) - last)).toBeLessThanOrEqual(0.2)
    }
  })

  test.each([30, 15])(
    'of long speech without a pause are at most %i s with their tail, and overlap',
    async (mostSeconds) => {
      const syllables = (await words('0007.flac')).samples.subarray(3000, -6000)
      const clip = clipOf(joined(...Array.from({ length: 40 }, () => syllables)))
      const segments = await segmentsOf(clip, { mostSeconds })
      expect(segments.length).toBeGreaterThan(clip.seconds / mostSeconds)
      for (const [i, { start, end, samples, overlap }] of segments.entries()) {
        expect(samples.length).toBeLessThanOrEqual(mostSeconds * sampleRate)
        expect(samples.length / sampleRate).toBeCloseTo(end - start + 0.5, 2)
        expect([...samples.subarray(-0.5 * sampleRate)].every((sample) => sample === 0)).toBe(true)
        const previous = segments[i - 1]
        if (previous) expect(previous.end - start).toBeCloseTo(overlap, 5)
      }
      expect(segments.some(({ overlap }) => overlap > 0)).toBe(true)
    },
  )
})

function chord(seconds: number) {
  const length = seconds * sampleRate
  return Float32Array.from({ length }, (_, i) => {
    const swell = 0.06 * Math.sin((Math.PI * i) / length) ** 2
    return (
      swell * [220, 277.2, 329.6, 440].reduce((sum, hertz) => sum + Math.sin((2 * Math.PI * hertz * i) / sampleRate), 0)
    )
  })
}

test('a clip survives being written as WAV and read again', async () => {
  const { samples } = await words('0000.flac')
  const again = await read(wavOf(samples), { mostSeconds: 60 })
  expect(again.length).toBe(samples.length)
  expect(Math.max(...again.map((sample, i) => Math.abs(sample - (samples[i] ?? 0))))).toBeLessThan(1 / 16_000)
})

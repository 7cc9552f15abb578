// How well the pocket model is heard through a device's API, engine by engine: word errors on 120 clips of voices and
// speeds that it never heard, beside the bare engine's in the same run; the same clips in every format; and ten minutes of
// them with pauses and music-like noise between. Needs ffmpeg to make the files; nothing that is measured uses it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Clip, decode } from '@tradewind/agent/audio/decode'
import { wavOf } from '@tradewind/agent/audio/wav'
import type { Runtime } from '@tradewind/agent/engine/runtime'
import { type WordErrors, wordErrorRate, wordErrors } from '@tradewind/fleet'
import { HearingDevice, hearingRuntimes } from '../packages/testkit/src/hearing-device'
import { type PocketClip, pocketClips, pocketLoad } from '../packages/testkit/src/pocket'

const gates = { lostPoints: 1, invented: 0, offSeconds: 0.3 }
const formats: Record<string, string[]> = {
  'as it is (flac, 16 kHz mono)': [],
  'wav 44.1 kHz stereo': ['-ar', '44100', '-ac', '2', 'x.wav'],
  'wav 24 bit': ['-c:a', 'pcm_s24le', 'x.wav'],
  'flac 44.1 kHz stereo': ['-ar', '44100', '-ac', '2', 'x.flac'],
  'mp3 128 kbit/s': ['-ar', '44100', '-ac', '2', '-b:a', '128k', 'x.mp3'],
  'ogg vorbis': ['-ar', '44100', '-ac', '2', '-c:a', 'libvorbis', '-q:a', '5', 'x.ogg'],
  'ogg opus': ['-ar', '48000', '-ac', '2', '-c:a', 'libopus', '-b:a', '64k', 'x.opus'],
  'm4a aac': ['-ar', '44100', '-ac', '2', '-c:a', 'aac', '-b:a', '128k', 'x.m4a'],
  'webm opus': ['-ar', '48000', '-ac', '2', '-c:a', 'libopus', '-b:a', '64k', 'x.webm'],
}
const isJson = process.argv.includes('--json')
const say = (line: string) => isJson || console.log(line)
const clips = pocketClips('heldout')
const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-hear-'))

async function allEngines() {
  const results = []
  for (const { name, runtime } of await hearingRuntimes())
    if (runtime) results.push(await oneEngine(name, runtime))
    else say(`${name} is not built: node tools/engine/build.mjs`)
  return results
}

async function oneEngine(name: string, runtime: Runtime) {
  const device = await HearingDevice.start(runtime, pocketLoad())
  try {
    say(`\n${name}`)
    const barePercent = percent(await each((clip) => device.hearBare(clip)))
    say(`  ${'bare engine'.padEnd(30)} ${barePercent} %`)
    const byFormat: Record<string, number> = {}
    for (const [format, args] of Object.entries(formats)) {
      byFormat[format] = percent(await each((clip) => device.hear(converted(clip, args), fieldsOf(clip))))
      say(`  ${format.padEnd(30)} ${byFormat[format]} %`)
    }
    const long = await tenMinutes(device)
    say(`  ten minutes: ${JSON.stringify(long)}`)
    return { name, barePercent, byFormat, tenMinutes: long }
  } finally {
    await device.stop()
  }
}

type Result = Awaited<ReturnType<typeof oneEngine>>
const missedBy = ({ name, barePercent, byFormat, tenMinutes: long }: Result) => [
  ...Object.entries(byFormat)
    .filter(([, errors]) => errors > barePercent + gates.lostPoints)
    .map(([format]) => `${name}: ${format}`),
  ...(long.invented > gates.invented ? [`${name}: invented segments`] : []),
  ...(long.inOrder ? [] : [`${name}: order`]),
  ...(long.worstOffSeconds > gates.offSeconds ? [`${name}: times`] : []),
]

const fieldsOf = ({ lang }: PocketClip) => ({ language: lang, response_format: 'text' })
const percent = (all: WordErrors[]) => Number((100 * wordErrorRate(all)).toFixed(2))

async function each(hear: (clip: PocketClip) => Promise<string>): Promise<WordErrors[]> {
  const all = []
  for (const clip of clips) all.push(wordErrors(clip.transcript, await hear(clip)))
  return all
}

async function decoded(bytes: Uint8Array): Promise<Clip> {
  const outcome = await decode(bytes, { mostSeconds: 3600 })
  if (!outcome.ok) throw new Error(outcome.refusal.message)
  return outcome.clip
}

function converted({ bytes, file }: PocketClip, args: string[]): Uint8Array {
  const name = args.at(-1)
  if (name === undefined) return bytes
  const [from, to] = [path.join(folder, path.basename(file)), path.join(folder, name)]
  writeFileSync(from, bytes)
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', from, ...args.slice(0, -1), to])
  return readFileSync(to)
}

type Placed = { start: number; end: number }

/** Clips of one language, a second or more apart, with chords that swell and fade between every third and the next. */
async function tenMinutes(device: HearingDevice) {
  const rate = 16_000
  const parts: Float32Array[] = []
  const placed: Placed[] = []
  let at = 0
  const put = (samples: Float32Array) => {
    parts.push(samples)
    at += samples.length
  }
  for (let i = 0; at < 600 * rate; i++) {
    const clip = clips.filter(({ lang }) => lang === 'en')[i % clips.filter(({ lang }) => lang === 'en').length]
    if (!clip) throw new Error('there are no clips')
    const { samples } = await decoded(clip.bytes)
    const { first, last } = loud(samples)
    placed.push({ start: (at + first) / rate, end: (at + last) / rate })
    put(samples)
    put(new Float32Array((1 + (i % 3)) * rate))
    if (i % 3 === 0) {
      put(chords(2 * rate, i))
      put(new Float32Array(rate))
    }
  }
  const whole = new Float32Array(at)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  const srt = await device.hear(wavOf(whole), { language: 'en', response_format: 'srt' })
  return judged(cuesOf(srt), placed)
}

/** From where to where a clip is within 30 dB of its loudest hundredth of a second. */
function loud(samples: Float32Array): { first: number; last: number } {
  const frame = 160
  const levels = Array.from({ length: Math.floor(samples.length / frame) }, (_, i) =>
    Math.hypot(...samples.subarray(i * frame, (i + 1) * frame)),
  )
  const least = Math.max(...levels) / 31.6
  return {
    first: levels.findIndex((level) => level > least) * frame,
    last: (levels.findLastIndex((level) => level > least) + 1) * frame,
  }
}

function chords(length: number, seed: number): Float32Array {
  const roots = [220, 277.2, 329.6, 440].map((hertz) => hertz * 2 ** ((seed % 5) / 12))
  return Float32Array.from({ length }, (_, i) => {
    const swell = Math.sin((Math.PI * i) / length) ** 2
    return 0.06 * swell * roots.reduce((sum, hertz) => sum + Math.sin((2 * Math.PI * hertz * i) / 16_000), 0)
  })
}

const cuesOf = (srt: string): Placed[] =>
  [...srt.matchAll(/(\d+):(\d+):(\d+),(\d+) --> (\d+):(\d+):(\d+),(\d+)/g)].map((match) => {
    const [h, m, s, ms, h2, m2, s2, ms2] = match.slice(1).map(Number) as number[]
    const seconds = (a = 0, b = 0, c = 0, d = 0) => a * 3600 + b * 60 + c + d / 1000
    return { start: seconds(h, m, s, ms), end: seconds(h2, m2, s2, ms2) }
  })

function judged(cues: Placed[], placed: Placed[]) {
  const touches = (cue: Placed) => placed.filter(({ start, end }) => cue.start < end && start < cue.end)
  const offs = cues.flatMap((cue) => {
    const spoken = touches(cue)
    const [first, last] = [spoken[0], spoken.at(-1)]
    return first && last ? [Math.abs(cue.start - first.start), Math.abs(cue.end - last.end)] : []
  })
  return {
    spoken: placed.length,
    segments: cues.length,
    invented: cues.filter((cue) => touches(cue).length === 0).length,
    missed: placed.filter(({ start, end }) => !cues.some((cue) => cue.start < end && start < cue.end)).length,
    inOrder: cues.every(({ start }, i) => i === 0 || start >= (cues[i - 1]?.end ?? 0)),
    worstOffSeconds: Number(Math.max(...offs).toFixed(3)),
  }
}

try {
  const report = { bench: 'hear', clips: clips.length, engines: await allEngines(), gates }
  const missed = report.engines.flatMap(missedBy)
  console.log(isJson ? JSON.stringify({ ...report, missed }, null, 2) : `missed: ${missed.join('; ') || 'none'}`)
  process.exitCode = missed.length > 0 ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit()

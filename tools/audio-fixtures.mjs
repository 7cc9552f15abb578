// node tools/audio-fixtures.mjs: test/fixtures/audio, the same words in each format and rate that the agent reads. Needs
// ffmpeg; the tests do not. WAV is not here: the tests write its many kinds themselves.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'

const fixtures = path.resolve(import.meta.dirname, '../test/fixtures')
const words = path.join(fixtures, 'pocket/heldout/0007.flac')
const folder = path.join(fixtures, 'audio')

const kinds = {
  'mp3.mp3': ['-c:a', 'libmp3lame', '-b:a', '48k'],
  'flac.flac': ['-c:a', 'flac'],
  'vorbis.ogg': ['-c:a', 'libvorbis', '-q:a', '3'],
  'opus.ogg': ['-c:a', 'libopus', '-b:a', '32k'],
  'aac.aac': ['-c:a', 'aac', '-b:a', '48k'],
  'aac.m4a': ['-c:a', 'aac', '-b:a', '48k'],
  'opus.webm': ['-c:a', 'libopus', '-b:a', '32k'],
  'vorbis.webm': ['-c:a', 'libvorbis', '-q:a', '3'],
}
const rates = { 'stereo-44k1': [44_100, 2], 'mono-16k': [16_000, 1], 'mono-8k': [8_000, 1] }

/** As loud on each side as in the middle: FFmpeg's own way takes 3 dB off. */
const bothSides = 'pan=stereo|c0=c0|c1=c0'

const ffmpeg = (...args) =>
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-bitexact', ...args.map(String)], { stdio: 'inherit' })

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
for (const [rate, [hertz, channels]] of Object.entries(rates))
  for (const [kind, coding] of Object.entries(kinds)) {
    const known = kind.startsWith('opus') && hertz === 44_100 ? 48_000 : hertz // Opus has no 44.1 kHz
    const file = path.join(folder, `${rate}-${kind}`)
    ffmpeg(
      '-i',
      words,
      '-ar',
      known,
      '-af',
      channels === 2 ? bothSides : 'anull',
      ...coding,
      '-map_metadata',
      '-1',
      file,
    )
  }

// what is refused: a film without sound, sound in a coding that is not read, hours of silence in a few kilobytes
ffmpeg('-f', 'lavfi', '-i', 'color=s=32x32:d=1', '-c:v', 'libx264', path.join(folder, 'no-sound.mp4'))
ffmpeg('-i', words, '-c:a', 'alac', path.join(folder, 'alac.m4a'))
const silence = ['-f', 'lavfi', '-i', 'anullsrc=r=8000:cl=mono']
ffmpeg(...silence, '-t', 14_400, '-c:a', 'flac', '-frame_size', 65_535, path.join(folder, 'four-hours.flac'))
const sparse = ['-c:a', 'libopus', '-frame_duration', 120, '-b:a', 500]
ffmpeg(...silence, '-t', 3600, ...sparse, path.join(folder, 'one-hour.ogg'))

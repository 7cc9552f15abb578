import { readdirSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleRate } from './clip'
import { read } from './read'
import { Refused } from './refusal'
import { fixture, fixtures, tone, type Wav, wavFile } from './testing'

const minute = { mostSeconds: 60 }
const words = () => read(fixture('pocket/heldout/0007.flac'), minute)

/** How alike two sounds are, 0 to 1, where they fit best; how much later the second is; and how much louder, in dB. */
function likeness(one: Float32Array, other: Float32Array) {
  let best = { alike: -1, lateSeconds: 0, louder: 0 }
  for (let shift = -1600; shift <= 2400; shift += 2) {
    let [both, first, second] = [0, 0, 0]
    for (let i = 1600; i < one.length - 2400; i += 5) {
      const [a, b] = [one[i] as number, other[i + shift] ?? 0]
      both += a * b
      first += a * a
      second += b * b
    }
    const alike = both / Math.sqrt(first * second)
    if (alike > best.alike) best = { alike, lateSeconds: shift / sampleRate, louder: 10 * Math.log10(second / first) }
  }
  return best
}

describe('the same words in another file', () => {
  const files = readdirSync(path.join(fixtures, 'audio')).filter((file) => /^(stereo|mono)-/.test(file))

  test.each(files)('%s are the same clip', async (file) => {
    const wanted = await words()
    const { alike, lateSeconds, louder } = likeness(wanted, await read(fixture(`audio/${file}`), minute))
    expect(alike).toBeGreaterThan(0.92)
    expect(Math.abs(louder)).toBeLessThan(1)
    // ADTS cannot say what its encoder put before the beginning: 1024 samples, 0.128 s of them at 8 kHz
    expect(Math.abs(lateSeconds)).toBeLessThanOrEqual(file.endsWith('.aac') ? 0.13 : 0.001)
  })

  test('all formats and all rates are there', () => {
    expect(files.length).toBe(24)
  })
})

describe('a WAV file', () => {
  const sound = (rate: number, channels: number) => {
    const one = tone(440, 0.5, rate)
    return Float32Array.from({ length: one.length * channels }, (_, i) => one[Math.floor(i / channels)] as number)
  }
  const bytesOf = (
    samples: Float32Array,
    bytes: number,
    write: (view: DataView, at: number, sample: number) => void,
  ) => {
    const data = new Uint8Array(samples.length * bytes)
    for (const [i, sample] of samples.entries()) write(new DataView(data.buffer), i * bytes, sample)
    return data
  }
  const kinds: [string, Pick<Wav, 'tag' | 'bits'>, (view: DataView, at: number, sample: number) => void][] = [
    ['8 bits', { bits: 8 }, (view, at, sample) => view.setUint8(at, Math.round(sample * 127) + 128)],
    ['16 bits', { bits: 16 }, (view, at, sample) => view.setInt16(at, sample * 32767, true)],
    [
      '24 bits',
      { bits: 24 },
      (view, at, sample) => {
        const height = Math.round(sample * 8388607)
        view.setUint16(at, height & 0xffff, true)
        view.setInt8(at + 2, height >> 16)
      },
    ],
    ['32 bits', { bits: 32 }, (view, at, sample) => view.setInt32(at, sample * 2147483647, true)],
    ['32 bits, floating', { tag: 3, bits: 32 }, (view, at, sample) => view.setFloat32(at, sample, true)],
    ['64 bits, floating', { tag: 3, bits: 64 }, (view, at, sample) => view.setFloat64(at, sample, true)],
  ]
  const shapes: [number, number, boolean][] = [
    [44_100, 2, false],
    [16_000, 1, false],
    [8000, 1, false],
    [48_000, 6, true],
    [22_050, 1, true],
    [192_000, 2, false],
  ]
  const cases = kinds.flatMap(([name, kind, write]) =>
    shapes.map(([rate, channels, extensible]) => ({ name, kind, write, rate, channels, extensible })),
  )
  test.each(cases)('of $name, $rate Hz, $channels channels, extensible: $extensible', async (it) => {
    const data = bytesOf(sound(it.rate, it.channels), (it.kind.bits ?? 0) / 8, it.write)
    const file = wavFile({ ...it.kind, rate: it.rate, channels: it.channels, extensible: it.extensible, data })
    const clip = await read(file, minute)
    const wanted = tone(440, 0.5)
    expect(clip.length).toBe(wanted.length)
    const apart = clip.map((sample, i) => Math.abs(sample - (wanted[i] as number))).subarray(200, -200)
    expect(Math.max(...apart)).toBeLessThan(0.01)
  })

  test.each([
    ['alaw', 6],
    ['µ-law', 7],
  ])('of %s keeps its height', async (_, tag) => {
    const loudest = tag === 6 ? [0xaa, 0x2a] : [0x80, 0x00] // full height, both ways
    const data = Uint8Array.from({ length: 16_000 }, (_, i) => loudest[Math.floor(i / 40) % 2] as number)
    const clip = await read(wavFile({ tag, bits: 8, data }), minute)
    expect(clip[20]).toBeGreaterThan(0.97)
    expect(clip[60]).toBeLessThan(-0.97)
  })

  test('whose writer did not know its length (0xFFFFFFFF) is read to its end', async () => {
    const data = new Uint8Array(32_000).fill(3)
    expect((await read(wavFile({ data, dataBytes: 0xffffffff }), minute)).length).toBe(16_000)
  })
})

const refusalOf = async (bytes: Uint8Array, mostSeconds = 60) => {
  try {
    return (await read(bytes, { mostSeconds })).length
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    expect(error.message.length).toBeGreaterThan(20)
    expect(error.message.length).toBeLessThan(400)
    return error.code
  }
}

describe('a file that gives no clip', () => {
  const data = new Uint8Array(32_000).fill(9)
  const cut = (name: string, share: number) => fixture(name).subarray(0, fixture(name).length * share)
  const cases: [string, () => Uint8Array, Refused['code']][] = [
    ['nothing', () => new Uint8Array(0), 'audio-empty'],
    ['a text', () => new TextEncoder().encode('Please transcribe me.\n'.repeat(500)), 'not-audio'],
    ['a web page', () => new TextEncoder().encode('<!doctype html><html><body>404</body></html>'), 'not-audio'],
    ['a picture', () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'not-audio'],
    ['a zip', () => Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(4000)]), 'not-audio'],
    ['zeros', () => new Uint8Array(100_000), 'not-audio'],
    ['a film without sound', () => fixture('audio/no-sound.mp4'), 'not-audio'],
    ['Apple Lossless', () => fixture('audio/alac.m4a'), 'audio-unsupported'],
    ['a WAV of no sample', () => wavFile({ data: new Uint8Array(0) }), 'audio-empty'],
    ['a WAV of 0 Hz', () => wavFile({ rate: 0, data }), 'audio-broken'],
    ['a WAV of 384 kHz', () => wavFile({ rate: 384_000, data }), 'audio-unsupported'],
    ['a WAV of 100 Hz', () => wavFile({ rate: 100, data }), 'audio-unsupported'],
    ['a WAV of 32 channels', () => wavFile({ channels: 32, data }), 'audio-unsupported'],
    ['a WAV of 0 channels', () => wavFile({ channels: 0, data }), 'audio-broken'],
    ['a WAV of 0 bits', () => wavFile({ bits: 0, data }), 'audio-broken'],
    ['a WAV of 13 bits', () => wavFile({ bits: 13, data }), 'audio-broken'],
    ['a WAV of a coding nobody has', () => wavFile({ tag: 0x1234, data }), 'audio-broken'],
    ['a WAV cut in the middle', () => wavFile({ data, dataBytes: 64_000 }), 'audio-broken'],
    ['a FLAC cut in the middle', () => cut('audio/stereo-44k1-flac.flac', 0.5), 'audio-broken'],
    ['an m4a cut in the middle', () => cut('audio/stereo-44k1-aac.m4a', 0.5), 'audio-broken'],
    ['the head of a FLAC', () => fixture('audio/stereo-44k1-flac.flac').subarray(0, 60), 'audio-broken'],
    ['the head of an Ogg', () => fixture('audio/stereo-44k1-vorbis.ogg').subarray(0, 40), 'audio-broken'],
    ['two minutes', () => wavFile({ rate: 8000, data: new Uint8Array(120 * 16_000) }), 'audio-too-long'],
    ['four hours of silence in 33 kB of FLAC', () => fixture('audio/four-hours.flac'), 'audio-too-long'],
    ['an hour of silence in 180 kB of Opus', () => fixture('audio/one-hour.ogg'), 'audio-too-long'],
  ]
  test.each(cases)('%s', async (_, bytes, code) => {
    expect(await refusalOf(bytes())).toBe(code)
  })

  test('silence and noise are sound', async () => {
    expect(await refusalOf(wavFile({ data: new Uint8Array(32_000) }))).toBe(16_000)
    const noise = Uint8Array.from({ length: 32_000 }, (_, i) => (i * i * 2654435761) >>> 24)
    expect(await refusalOf(wavFile({ data: noise }))).toBe(16_000)
  })

  test('FLAC that hides its length ends at the limit all the same', async () => {
    const bytes = fixture('audio/four-hours.flac')
    bytes[21] = (bytes[21] ?? 0) & 0xf0 // how many samples there are: 36 bits from here
    bytes.fill(0, 22, 26)
    expect(await refusalOf(bytes)).toBe('audio-too-long')
  })
})

describe('bytes that nobody meant', () => {
  const outcome = expect.toSatisfy((it) => typeof it === 'number' || typeof it === 'string')

  test('are refused or read, never thrown over', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async (bytes) => {
        expect(await refusalOf(bytes)).toEqual(outcome)
      }),
      { numRuns: 60 },
    )
  })

  test('after the first bytes of a real format', async () => {
    const starts = [
      'RIFF\x24\0\0\0WAVEfmt ',
      'fLaC\0\0\0\x22',
      'OggS\0\x02',
      '\xff\xf1\x50\x80',
      '\xff\xfb\x90\x00',
      'ID3\x04\0\0',
      '\0\0\0\x18ftypM4A ',
      '\x1a\x45\xdf\xa3',
    ]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 3000 }), async (start, rest) => {
        expect(await refusalOf(Buffer.concat([Buffer.from(start, 'latin1'), rest]))).toEqual(outcome)
      }),
      { numRuns: 100 },
    )
  })

  const real = readdirSync(path.join(fixtures, 'audio')).filter((file) => file.startsWith('mono-8k'))
  test.each(real)('in the middle of %s', async (file) => {
    const spot = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), byte: fc.nat(255) })
    await fc.assert(
      fc.asyncProperty(fc.array(spot, { minLength: 1, maxLength: 30 }), fc.boolean(), async (spots, early) => {
        const bytes = fixture(`audio/${file}`)
        for (const { at, byte } of spots)
          bytes[Math.floor(at * (early ? Math.min(400, bytes.length) : bytes.length))] = byte
        expect(await refusalOf(bytes)).toEqual(outcome)
      }),
      { numRuns: 8 },
    )
  })
})

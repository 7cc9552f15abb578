import {
  ADTS,
  BufferSource,
  EncodedPacket,
  EncodedPacketSink,
  FLAC,
  Input,
  type InputAudioTrack,
  MATROSKA,
  MP3,
  MP4,
  OGG,
  QTFF,
  UnsupportedInputFormatError,
  WAVE,
  WEBM,
} from 'mediabunny'
import { type Block, mono } from './block'
import { sampleRate } from './clip'
import type { Codec, MakeCodec } from './codec/codec'
import { pcmCodecs } from './codec/pcm'
import { Refused } from './refusal'
import { Resampler } from './resample'

/** The kinds of file. Not mediabunny's whole list: its HLS would fetch addresses that the file names. */
const formats = [WAVE, MP3, FLAC, OGG, ADTS, MP4, QTFF, WEBM, MATROSKA]

const rates = { least: 4000, most: 192_000 }
const mostChannels = 8

const pcm = () => import('./codec/pcm')
const codecs: Record<string, () => Promise<{ makeCodec: MakeCodec }>> = {
  ...Object.fromEntries(pcmCodecs.map((codec) => [codec, pcm])),
  mp3: () => import('./codec/mp3'),
  flac: () => import('./codec/flac'),
  vorbis: () => import('./codec/vorbis'),
  opus: () => import('./codec/opus'),
  aac: () => import('./codec/aac'),
}

const convert = 'convert it first, for instance with `ffmpeg -i FILE sound.flac`'

export type Reading = {
  mostSeconds: number
  /** Called again and again while the file is read. */
  onProgress?: () => void
}

/** The sound of a file at 16 kHz, one channel. May write into `bytes`. Throws `Refused`. */
export async function read(bytes: Uint8Array, { mostSeconds, onProgress }: Reading): Promise<Float32Array> {
  if (bytes.length === 0) throw new Refused('audio-empty', 'the file has 0 bytes: send one with sound in it')
  const track = await trackOf(bytes)
  const codec = await codecOf(track)
  const declared = await track.getDurationFromMetadata()
  if (declared && declared > mostSeconds) throw tooLong(`lasts ${declared.toFixed(1)} s`, mostSeconds)

  const clip = new Growing(mostSeconds)
  try {
    for await (const block of blocksOf(track, codec, bytes)) {
      clip.push(block)
      onProgress?.()
    }
    clip.end()
  } catch (error) {
    if (error instanceof Refused) throw error
    throw broken(`cannot be decoded after ${clip.seconds.toFixed(1)} s (${messageOf(error)})`)
  }
  if (clip.seconds === 0) throw new Refused('audio-empty', 'the file holds no sample of sound: record it again')
  if (declared && clip.seconds < 0.9 * declared - 0.5)
    throw broken(`should last ${declared.toFixed(1)} s and ends after ${clip.seconds.toFixed(1)} s`)
  return clip.samples
}

/** The first sentence of what a library said: the later ones ask to be reported to. */
const messageOf = (error: unknown) =>
  String(error instanceof Error ? error.message : error)
    .split('. ')[0]
    ?.slice(0, 200)

const broken = (how: string) => new Refused('audio-broken', `the file ${how}: send it again, or ${convert}`)

const tooLong = (how: string, mostSeconds: number) =>
  new Refused('audio-too-long', `the file ${how}; at most ${mostSeconds} s are taken: send it in parts`)

const startsWith = (bytes: Uint8Array, text: string) => Buffer.from(text).equals(bytes.subarray(0, text.length))

/** The least size of a frame, as a FLAC file gives it, does not hold for the last one: mediabunny would drop that. */
function unbound(bytes: Uint8Array) {
  if (startsWith(bytes, 'fLaC')) bytes.subarray(12, 15).fill(0)
}

/** Mediabunny takes what is there of a WAV. Who wrote it into a pipe could not know its length, and wrote one of these. */
function wholeWav(bytes: Uint8Array) {
  if (!startsWith(bytes, 'RIFF') || bytes.length < 8) return
  const declared = Buffer.from(bytes.buffer, bytes.byteOffset).readUInt32LE(4) + 8
  const unknown = declared <= 8 || declared > 0x7fff_0000
  if (!unknown && declared > bytes.length) throw broken(`should have ${declared} bytes and has ${bytes.length}`)
}

async function trackOf(bytes: Uint8Array): Promise<InputAudioTrack> {
  unbound(bytes)
  wholeWav(bytes)
  const input = new Input({ source: new BufferSource(bytes), formats })
  let track: InputAudioTrack | null
  try {
    track = await input.getPrimaryAudioTrack()
  } catch (error) {
    if (!(error instanceof UnsupportedInputFormatError)) throw broken(`has a damaged header (${messageOf(error)})`)
    throw new Refused(
      'not-audio',
      'the file is no sound that can be told by its content: send wav, mp3, flac, ogg, m4a or webm',
    )
  }
  if (track) return track
  if ((await input.getTracks()).length === 0) throw broken('ends before its table of contents')
  throw new Refused('not-audio', 'the file holds no sound track: send one that does')
}

async function codecOf(track: InputAudioTrack): Promise<Codec> {
  const { sampleRate: rate, numberOfChannels: channels } = track
  if (!(rate > 0) || !(channels > 0)) throw broken(`says that it has ${rate} Hz and ${channels} channels`)
  if (rate < rates.least || rate > rates.most)
    throw new Refused(
      'audio-unsupported',
      `the sound has ${rate} Hz; ${rates.least} to ${rates.most} are read: ${convert}`,
    )
  if (channels > mostChannels)
    throw new Refused(
      'audio-unsupported',
      `the sound has ${channels} channels; at most ${mostChannels} are read: ${convert}`,
    )

  const load = codecs[track.codec ?? '']
  const config = await track.getDecoderConfig()
  if (!load || !config)
    throw new Refused(
      'audio-unsupported',
      `the sound is coded as ${track.codec ?? track.internalCodecId ?? 'nothing known'}, which is not read: ${convert}`,
    )
  try {
    return await (await load()).makeCodec(config)
  } catch (error) {
    throw broken(`has a damaged header (${messageOf(error)})`)
  }
}

/**
 * The packets of a track. An MP3 goes to its decoder as it is: the first frame of most tells what the encoder added at
 * both ends, and mediabunny leaves that frame out.
 */
async function* packetsOf(track: InputAudioTrack, bytes: Uint8Array): AsyncGenerator<EncodedPacket> {
  if ((await track.input.getFormat()) !== MP3) return yield* new EncodedPacketSink(track).packets()
  const piece = 32 * 1024
  for (let at = 0; at < bytes.length; at += piece) yield new EncodedPacket(bytes.subarray(at, at + piece), 'key', 0, 0)
}

async function* blocksOf(track: InputAudioTrack, codec: Codec, bytes: Uint8Array): AsyncGenerator<Block> {
  let early = Math.max(0, -(await track.getFirstTimestamp())) // what an encoder puts before the beginning
  const inTime = ({ rate, channels }: Block): Block => {
    const length = channels[0]?.length ?? 0
    const cut = Math.min(length, Math.round(early * rate))
    early -= cut / rate
    return { rate, channels: channels.map((channel) => channel.subarray(cut)) }
  }
  for await (const packet of packetsOf(track, bytes)) {
    for (const block of await codec.decode(packet)) yield inTime(block)
  }
  for (const block of await codec.end()) yield inTime(block)
}

/** A clip that grows to `mostSeconds` and no further: room for all of it is reserved, and only what is filled is used. */
class Growing {
  readonly #room: Float32Array
  readonly #mostSeconds: number
  #length = 0
  #rate = 0
  #resampler = new Resampler(sampleRate)

  constructor(mostSeconds: number) {
    this.#mostSeconds = mostSeconds
    this.#room = new Float32Array(Math.ceil(mostSeconds * sampleRate) + 1)
  }

  get seconds() {
    return this.#length / sampleRate
  }

  get samples() {
    const { length } = this.#room
    return this.#length * 2 < length ? this.#room.slice(0, this.#length) : this.#room.subarray(0, this.#length)
  }

  push(block: Block) {
    if (block.rate !== this.#rate) {
      this.end()
      this.#rate = block.rate
      this.#resampler = new Resampler(block.rate)
    }
    this.#append(this.#resampler.push(mono(block)))
  }

  end() {
    this.#append(this.#resampler.end())
  }

  #append(samples: Float32Array) {
    if (this.#length + samples.length > this.#room.length) throw tooLong('goes on', this.#mostSeconds)
    for (const sample of samples) this.#room[this.#length++] = Math.max(-1, Math.min(1, sample)) || 0 // no NaN
  }
}

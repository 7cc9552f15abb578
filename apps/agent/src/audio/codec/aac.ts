import { readFileSync } from 'node:fs'
import { type AudioDecoder, getAudioDecoder } from '@humansignal/audio-file-decoder'
import { AdtsOutputFormat, BufferTarget, EncodedAudioPacketSource, type EncodedPacket, Output } from 'mediabunny'
import { beside } from '../../beside'
import type { Block } from '../block'
import type { Codec, MakeCodec } from './codec'

/** Packets of one piece, about twenty seconds: the decoder takes whole files, and a file of hours would not fit. */
const pieceOf = 900

/** The decoder leaves out the first packet of a file, and the second one sounds of nothing before it. */
const leadIn = 3

/**
 * FFmpeg's AAC as WebAssembly, piece by piece: each piece is a file of its own, which begins with the last packets of the
 * one before.
 */
class Aac implements Codec {
  readonly #wasm = `data:application/wasm;base64,${readFileSync(beside('decode-audio.wasm'), 'base64')}`
  readonly #config: AudioDecoderConfig
  #lead: EncodedPacket[] = []
  #piece: EncodedPacket[] = []

  constructor(config: AudioDecoderConfig) {
    this.#config = config
  }

  async decode(packet: EncodedPacket): Promise<Block[]> {
    if (this.#lead.length === 0) this.#lead = Array(leadIn).fill(packet)
    this.#piece.push(packet)
    return this.#piece.length < pieceOf ? [] : this.end()
  }

  async end(): Promise<Block[]> {
    if (this.#piece.length === 0) return []
    const packets = [...this.#lead, ...this.#piece]
    this.#lead = packets.slice(-leadIn)
    this.#piece = []
    const file = await adtsOf(packets, this.#config)
    const decoder = await withoutListeners(() => getAudioDecoder(this.#wasm, file))
    try {
      return [blockOf(decoder, packets.length)]
    } finally {
      decoder.dispose()
      globalThis.gc?.() // each piece has a WebAssembly of its own, which the collector does not hurry to let go
    }
  }
}

/** Its loader listens to the process for ever, and so holds the WebAssembly of each piece. */
async function withoutListeners<T>(load: () => Promise<T>): Promise<T> {
  const events = ['uncaughtException', 'unhandledRejection']
  const before = events.map((event) => process.rawListeners(event))
  try {
    return await load()
  } finally {
    for (const [i, event] of events.entries())
      for (const listener of process.rawListeners(event))
        if (!before[i]?.includes(listener)) process.off(event, listener as () => void)
  }
}

function blockOf(decoder: AudioDecoder, packets: number): Block {
  const { sampleRate: rate, channelCount } = decoder
  const woven = decoder.decodeAudioData(0, -1, { multiChannel: true })
  const length = woven.length / channelCount
  const skipped = Math.round((length / (packets - 1)) * (leadIn - 1))
  const channels = Array.from({ length: channelCount }, (_, channel) =>
    Float32Array.from({ length: length - skipped }, (_, i) => woven[(skipped + i) * channelCount + channel] ?? 0),
  )
  return { rate, channels }
}

async function adtsOf(packets: EncodedPacket[], decoderConfig: AudioDecoderConfig): Promise<ArrayBuffer> {
  const target = new BufferTarget()
  const output = new Output({ format: new AdtsOutputFormat(), target })
  const source = new EncodedAudioPacketSource('aac')
  output.addAudioTrack(source)
  await output.start()
  for (const packet of packets) await source.add(packet.clone({ timestamp: 0 }), { decoderConfig })
  await output.finalize()
  return target.buffer as ArrayBuffer
}

export const makeCodec: MakeCodec = async (config) => {
  Object.assign(globalThis, { __dirname: import.meta.dirname }) // what its loader looks for, and a module has not
  return new Aac(config)
}

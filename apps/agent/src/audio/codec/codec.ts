import type { EncodedPacket } from 'mediabunny'
import type { Block } from '../block'

/** What turns the packets of one track into sound. It may hold packets back until it has enough of them. */
export type Codec = {
  decode(packet: EncodedPacket): Promise<Block[]>
  /** What is still held back. */
  end(): Promise<Block[]>
}

/** The codec of a track. It lives in a thread that ends with the file, so there is nothing to close. */
export type MakeCodec = (config: AudioDecoderConfig) => Promise<Codec>

/** `description` of a track: what a codec must know before the first packet. */
export function descriptionOf({ description }: AudioDecoderConfig): Uint8Array {
  if (!description) return new Uint8Array(0)
  return ArrayBuffer.isView(description)
    ? new Uint8Array(description.buffer, description.byteOffset, description.byteLength)
    : new Uint8Array(description)
}

/** As the decoders of the wasm-audio-decoders family answer. */
type Decoded = { channelData: Float32Array[]; samplesDecoded: number; sampleRate: number }

export const blocksOf = ({ channelData, samplesDecoded, sampleRate }: Decoded): Block[] =>
  samplesDecoded > 0 ? [{ rate: sampleRate, channels: channelData }] : []

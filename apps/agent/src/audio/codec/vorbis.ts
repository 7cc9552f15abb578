import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis'
import { EncodedAudioPacketSource, OggOutputFormat, Output, StreamTarget } from 'mediabunny'
import { blocksOf, type MakeCodec } from './codec'

/** The decoder reads Ogg only, so the packets are put into Ogg again, wherever they came from. */
export const makeCodec: MakeCodec = async (decoderConfig) => {
  const decoder = new OggVorbisDecoder()
  await decoder.ready
  let pages: Uint8Array[] = []
  const target = new StreamTarget(new WritableStream({ write: ({ data }) => void pages.push(data.slice()) }))
  const output = new Output({ format: new OggOutputFormat(), target })
  const source = new EncodedAudioPacketSource('vorbis')
  output.addAudioTrack(source)
  await output.start()

  const decoded = async () => {
    const bytes = Buffer.concat(pages)
    pages = []
    return bytes.length > 0 ? blocksOf(await decoder.decode(bytes)) : []
  }
  return {
    async decode(packet) {
      await source.add(packet, { decoderConfig })
      return decoded()
    },
    async end() {
      await output.finalize()
      return [...(await decoded()), ...blocksOf(await decoder.flush())]
    },
  }
}

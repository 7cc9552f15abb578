import { FLACDecoder } from '@wasm-audio-decoders/flac'
import { blocksOf, type MakeCodec } from './codec'

export const makeCodec: MakeCodec = async () => {
  const decoder = new FLACDecoder()
  await decoder.ready
  return {
    decode: async ({ data }) => blocksOf(await decoder.decodeFrames([data])),
    end: async () => [],
  }
}

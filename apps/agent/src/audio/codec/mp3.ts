import { MPEGDecoder } from 'mpg123-decoder'
import { blocksOf, type MakeCodec } from './codec'

export const makeCodec: MakeCodec = async () => {
  const decoder = new MPEGDecoder()
  await decoder.ready
  return {
    decode: async ({ data }) => blocksOf(decoder.decode(data)),
    end: async () => [],
  }
}

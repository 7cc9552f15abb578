import { OpusDecoder } from 'opus-decoder'
import { blocksOf, descriptionOf, type MakeCodec } from './codec'

/** The header that Ogg, WebM and MP4 all hand on (RFC 7845, section 5.1): how the streams make up the channels. */
function layoutOf(header: Uint8Array, channels: number) {
  const plain = { streamCount: 1, coupledStreamCount: channels - 1, channelMappingTable: [0, 1].slice(0, channels) }
  if (header.length < 19) return { preSkip: 0, ...plain }
  const preSkip = new DataView(header.buffer, header.byteOffset).getUint16(10, true)
  const [family = 0, streamCount = 1, coupledStreamCount = 0, ...channelMappingTable] = header.subarray(18)
  return family === 0 ? { preSkip, ...plain } : { preSkip, streamCount, coupledStreamCount, channelMappingTable }
}

export const makeCodec: MakeCodec = async (config) => {
  const channels = config.numberOfChannels
  const decoder = new OpusDecoder({ channels, ...layoutOf(descriptionOf(config), channels) })
  await decoder.ready
  return {
    decode: async ({ data }) => blocksOf(decoder.decodeFrame(data)),
    end: async () => [],
  }
}

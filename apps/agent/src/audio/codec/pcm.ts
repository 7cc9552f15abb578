import type { MakeCodec } from './codec'

type Reader = { bytes: number; at: (view: DataView, byte: number) => number }

const whole = (bits: number) => 2 ** (bits - 1)
const u24 = (view: DataView, byte: number) => view.getUint16(byte, true) | (view.getInt8(byte + 2) << 16)

/** G.711: a sample in eight bits, by its logarithm. */
function muLaw(byte: number): number {
  const flipped = ~byte & 0xff
  const height = (((flipped & 0x0f) << 3) + 0x84) << ((flipped >> 4) & 7)
  return (flipped & 0x80 ? 0x84 - height : height - 0x84) / 32768
}

function aLaw(byte: number): number {
  const flipped = byte ^ 0x55
  const exponent = (flipped >> 4) & 7
  const steps = ((flipped & 0x0f) << 4) + 8
  const height = exponent === 0 ? steps : (steps + 0x100) << (exponent - 1)
  return (flipped & 0x80 ? height : -height) / 32768
}

const readers: Record<string, Reader> = {
  'pcm-u8': { bytes: 1, at: (view, byte) => (view.getUint8(byte) - 128) / whole(8) },
  'pcm-s8': { bytes: 1, at: (view, byte) => view.getInt8(byte) / whole(8) },
  'pcm-s16': { bytes: 2, at: (view, byte) => view.getInt16(byte, true) / whole(16) },
  'pcm-s16be': { bytes: 2, at: (view, byte) => view.getInt16(byte) / whole(16) },
  'pcm-s24': { bytes: 3, at: (view, byte) => u24(view, byte) / whole(24) },
  'pcm-s32': { bytes: 4, at: (view, byte) => view.getInt32(byte, true) / whole(32) },
  'pcm-s32be': { bytes: 4, at: (view, byte) => view.getInt32(byte) / whole(32) },
  'pcm-f32': { bytes: 4, at: (view, byte) => view.getFloat32(byte, true) },
  'pcm-f32be': { bytes: 4, at: (view, byte) => view.getFloat32(byte) },
  'pcm-f64': { bytes: 8, at: (view, byte) => view.getFloat64(byte, true) },
  'pcm-f64be': { bytes: 8, at: (view, byte) => view.getFloat64(byte) },
  ulaw: { bytes: 1, at: (view, byte) => muLaw(view.getUint8(byte)) },
  alaw: { bytes: 1, at: (view, byte) => aLaw(view.getUint8(byte)) },
}

/** The codecs of uncompressed sound, by mediabunny's names. */
export const pcmCodecs = Object.keys(readers)

export const makeCodec: MakeCodec = async ({ codec, sampleRate: rate, numberOfChannels }) => {
  const reader = readers[codec]
  if (!reader) throw new Error(`no such codec: ${codec}`)
  const { bytes, at } = reader
  return {
    async decode({ data }) {
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
      const length = Math.floor(data.byteLength / bytes / numberOfChannels)
      const channels = Array.from({ length: numberOfChannels }, (_, channel) =>
        Float32Array.from({ length }, (_, i) => at(view, (i * numberOfChannels + channel) * bytes)),
      )
      return [{ rate, channels }]
    },
    end: async () => [],
  }
}

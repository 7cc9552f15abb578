import { sampleRate } from './clip'

const headerBytes = 44

/** The samples ([-1, 1] at `sampleRate`, one channel) as a WAV file of 16 bits: the form that every engine takes. */
export function wavOf(samples: Float32Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes + samples.length * 2)
  const view = new DataView(bytes.buffer)
  const ascii = (at: number, text: string) => bytes.set(new TextEncoder().encode(text), at)
  ascii(0, 'RIFF')
  view.setUint32(4, bytes.length - 8, true)
  ascii(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  ascii(36, 'data')
  view.setUint32(40, samples.length * 2, true)
  samples.forEach((sample, i) => {
    view.setInt16(headerBytes + i * 2, Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true)
  })
  return bytes
}

import { readFileSync } from 'node:fs'
import path from 'node:path'
import { sampleRate } from './clip'

/** Of the tests only: where the fixtures are, and sounds to try things on. */
export const fixtures = path.resolve(import.meta.dirname, '../../../../test/fixtures')

export const fixture = (name: string) => new Uint8Array(readFileSync(path.join(fixtures, name)))

export const tone = (hertz: number, seconds: number, rate = sampleRate, height = 0.5) =>
  Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, i) => height * Math.sin((2 * Math.PI * hertz * i) / rate),
  )

export function joined(...parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** What the sender of a WAV file says of it; a test may let it lie. */
export type Wav = {
  tag?: number
  rate?: number
  channels?: number
  bits?: number
  extensible?: boolean
  data: Uint8Array
  dataBytes?: number
}

export function wavFile({
  tag = 1,
  rate = 16_000,
  channels = 1,
  bits = 16,
  extensible,
  data,
  dataBytes,
}: Wav): Uint8Array {
  const frame = (channels * bits) / 8
  const format = Buffer.alloc(extensible ? 40 : 16)
  format.writeUInt16LE(extensible ? 0xfffe : tag, 0)
  format.writeUInt16LE(channels, 2)
  format.writeUInt32LE(rate, 4)
  format.writeUInt32LE(Math.min(0xffffffff, rate * frame), 8)
  format.writeUInt16LE(frame & 0xffff, 12)
  format.writeUInt16LE(bits, 14)
  if (extensible) {
    format.writeUInt16LE(22, 16)
    format.writeUInt16LE(bits, 18)
    format.writeUInt32LE(0, 20)
    format.writeUInt16LE(tag, 24)
    format.write('000000001000800000aa00389b71', 26, 'hex')
  }
  const chunk = (name: string, body: Uint8Array, bytes = body.length) => {
    const head = Buffer.alloc(8)
    head.write(name)
    head.writeUInt32LE(bytes, 4)
    return Buffer.concat([head, body])
  }
  const body = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', format), chunk('data', data, dataBytes)])
  return new Uint8Array(
    chunk('RIFF', body, dataBytes === undefined ? body.length : Math.min(0xffffffff, dataBytes + 36)),
  )
}

import { expect, test } from 'vitest'
import { quietSounds } from './quiet'

const loudest = (bytes: Uint8Array) => {
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset + 44)
  return { count: samples.length, peak: samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0) }
}

test('ten seconds of nothing, and ten of noise as faint as a quiet room, the same each time', () => {
  const [silence, noise] = quietSounds()
  if (!silence || !noise) throw new Error('there are two')
  expect([silence.sound, loudest(silence.bytes)]).toEqual(['silence', { count: 160_000, peak: 0 }])
  // 0.001 of 32767
  expect([noise.sound, loudest(noise.bytes)]).toEqual(['faint-noise', { count: 160_000, peak: 33 }])
  expect(quietSounds()[1]?.bytes.every((byte, at) => byte === noise.bytes[at])).toBe(true)
})

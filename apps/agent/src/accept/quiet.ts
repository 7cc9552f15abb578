import { sampleRate } from '../audio/clip'
import { wavOf } from '../audio/wav'

export const quietSeconds = 10

/** Loudest sample of the faint noise, full scale being 1: about -60 dB, as a quiet room has it. */
const faint = 0.001

/** Sounds in which nobody speaks, as WAV files. The noise is the same on every device. */
export function quietSounds(): { sound: 'silence' | 'faint-noise'; bytes: Uint8Array }[] {
  const length = quietSeconds * sampleRate
  let state = 1
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state / 2 ** 31 - 1) * faint
  }
  return [
    { sound: 'silence', bytes: wavOf(new Float32Array(length)) },
    { sound: 'faint-noise', bytes: wavOf(Float32Array.from({ length }, next)) },
  ]
}

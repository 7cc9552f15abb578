import { mostClipBytes, type Problem } from '@tradewind/protocol'
import { bytes } from '../words/format'

/** A clip that a person chose. `says`: what is spoken in it, where that is known. */
export type Clip = { name: string; blob: Blob; says?: string }

/** What speaks against a clip before it is sent, or null. */
export function clipProblem({ name, blob }: Clip): Problem | null {
  if (blob.size === 0)
    return { code: 'bad-request', message: `${name} is empty.`, next: 'Choose another file, or record again.' }
  if (blob.size <= mostClipBytes) return null
  return {
    code: 'too-large',
    message: `${name} has ${bytes(blob.size)}; a clip is at most ${bytes(mostClipBytes)}.`,
    next: 'Choose a shorter one, or one in a format that takes less room.',
  }
}

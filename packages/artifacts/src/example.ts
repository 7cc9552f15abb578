import { createHash } from 'node:crypto'
import type { ResolvedBuild, ResolvedFile } from '@tradewind/protocol'

/** For tests: bytes that are not all alike, the same for the same seed. */
export function someBytes(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size)
  for (let i = 0, state = seed; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** For tests: a file that consists of these bytes. */
export const fileOf = (path: string, bytes: Buffer): ResolvedFile => ({
  role: 'weights',
  repository: 'somebody/some-model',
  commit: '0123456789abcdef0123456789abcdef01234567',
  path,
  bytes: bytes.length,
  exact: true,
  sha256: sha256(bytes),
  standing: 'confirmed',
  source: 'a test',
})

/** For tests: a build of these files. */
export const buildOf = (id: string, ...files: ResolvedFile[]): ResolvedBuild => ({
  id,
  variant: 'e2b',
  quantisation: 'Q8_0',
  bitsPerWeight: 8.5,
  quantisationAware: false,
  engine: 'llama-server',
  hears: true,
  sees: false,
  demo: false,
  files,
})

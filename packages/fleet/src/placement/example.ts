import type { Catalogue, Facts, ModelFile } from '@tradewind/protocol'
import { gemma4 } from '../catalogue/catalogue'
import type { PlacementDevice } from './device'
import type { Workload } from './workload'

// For tests: a Raspberry Pi 5, a workload, and the catalogue as it will be when its files are resolved.

export const GB = 1e9

/** Begins as what is known of it, and differs from file to file. */
function inventedHash({ repository, path, sha256 }: ModelFile): string {
  const letters = [...`${path}${repository}`].map((letter) => letter.charCodeAt(0).toString(16))
  return `${sha256 ?? ''}${letters.reverse().join('')}`.slice(0, 64).padEnd(64, '0')
}

export const resolved: Catalogue = {
  ...gemma4,
  builds: gemma4.builds.map((build) => ({
    ...build,
    files: build.files.map((file) => ({
      ...file,
      exact: true,
      commit: 'c'.repeat(40),
      sha256: inventedHash(file),
    })),
  })),
}

export const pi: Facts = {
  cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: ['asimddp'] },
  memory: { totalBytes: 8.45 * GB },
  board: { model: 'Raspberry Pi 5 Model B Rev 1.0' },
  storage: { path: '/', totalBytes: 250 * GB, freeBytes: 100 * GB },
}

export const device = (more: Partial<Facts> = {}, about: Partial<PlacementDevice> = {}): PlacementDevice => ({
  deviceClass: 'v1:0000000000000001',
  facts: { ...pi, ...more },
  ...about,
})

export const transcribe: Workload = { id: 'calls', useCases: ['transcription'], context: 4096 }

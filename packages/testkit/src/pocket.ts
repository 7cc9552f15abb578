import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Load } from '@tradewind/agent/engine/engine'

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../../test/fixtures/pocket')
export const pocketFile = (name: string) => path.join(folder, name)

export type PocketClip = { file: string; lang: 'en' | 'es'; transcript: string; translation: string; bytes: Buffer }
/** `samples`: 12 that it hears to the letter. `heldout`: 120 with voices and speeds that it never heard. */
export const pocketClips = (set: 'samples' | 'heldout'): PocketClip[] =>
  (JSON.parse(readFileSync(pocketFile(`${set}/expected.json`), 'utf8')) as Omit<PocketClip, 'bytes'>[]).map((clip) => ({
    ...clip,
    bytes: readFileSync(pocketFile(`${set}/${clip.file}`)),
  }))

export const pocketLanguages = { en: 'English', es: 'Spanish' } as const

/** The pocket model, held as small machines hold it. */
export const pocketLoad = (more: Partial<Load> = {}): Load => ({
  ...{ build: 'pocket', modelPath: pocketFile('pocket-f16.gguf'), projectorPath: pocketFile('pocket-f16-mmproj.gguf') },
  ...{ contextTokens: 2048, slots: 1, cacheType: 'f16', ubatch: 512, threads: 2, gpuLayers: 0 },
  ...more,
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { checkFiles } from './check-files'
import type { Load } from './engine'
import { GgufError, readGguf } from './gguf'

const pocket = (name: string) => path.resolve('test/fixtures/pocket', name)
const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-gguf-'))
afterAll(() => rmSync(folder, { recursive: true }))

const load = (more: Partial<Load> = {}): Load => ({
  build: 'pocket',
  modelPath: pocket('pocket-f16.gguf'),
  projectorPath: pocket('pocket-f16-mmproj.gguf'),
  contextTokens: 1024,
  slots: 1,
  cacheType: 'f16',
  ubatch: 512,
  threads: 2,
  gpuLayers: 0,
  ...more,
})

let count = 0
function written(bytes: Uint8Array): string {
  const file = path.join(folder, String(count++))
  writeFileSync(file, bytes)
  return file
}
const model = readFileSync(pocket('pocket-f16.gguf'))
const projector = readFileSync(pocket('pocket-f16-mmproj.gguf'))

describe('the files of a load', () => {
  test('are right as they are', async () => {
    expect(await checkFiles(load())).toBeNull()
    expect(await checkFiles(load({ projectorPath: null }))).toBeNull()
  })

  test.each<[string, () => Partial<Load>, string, RegExp]>([
    ['that is not there', () => ({ modelPath: '/nowhere' }), 'bad-file', /ENOENT/],
    ['that is a folder', () => ({ modelPath: folder }), 'bad-file', /EISDIR/],
    ['that is empty', () => ({ modelPath: written(new Uint8Array()) }), 'bad-file', /ends within the magic/],
    ['that is text', () => ({ modelPath: written(Buffer.from('what is this?')) }), 'bad-file', /GGUF/],
    ['cut in its header', () => ({ modelPath: written(model.subarray(0, 4000)) }), 'bad-file', /ends within/],
    ['cut by a few bytes', () => ({ modelPath: written(model.subarray(0, model.length - 64)) }), 'bad-file', /cut off/],
    [
      'that does not say how long its context is',
      () => ({ modelPath: written(without('gemma4.context_length')) }),
      'bad-file',
      /context_length/,
    ],
    ['that is a projector', () => ({ modelPath: pocket('pocket-f16-mmproj.gguf') }), 'unsupported', /clip/],
    ['whose projector is weights', () => ({ projectorPath: pocket('pocket-f16.gguf') }), 'bad-file', /no projector/],
    ['whose projector is cut', () => ({ projectorPath: written(projector.subarray(0, 9e5)) }), 'bad-file', /cut off/],
    [
      'whose projector is of another',
      () => ({ projectorPath: written(widened(projector)) }),
      'bad-file',
      /another model/,
    ],
    ['with a wild context', () => ({ contextTokens: 2e9 }), 'unsupported', /longer/],
    ['with no context', () => ({ contextTokens: 0 }), 'unsupported', /cannot be made/],
  ])('a file %s', async (_, more, code, why) => {
    const failure = await checkFiles(load(more()))
    expect(failure?.code).toBe(code)
    expect(failure?.detail.why).toMatch(why)
  })
})

test('whatever the bytes, a file is read or refused, and nothing else', async () => {
  const mutation = fc.record({ at: fc.nat({ max: 60_000 }), bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }) })
  await fc.assert(
    fc.asyncProperty(
      fc.array(mutation, { maxLength: 4 }),
      fc.option(fc.nat({ max: 70_000 })),
      async (mutations, cut) => {
        const bytes = Buffer.from(cut === null ? model : model.subarray(0, cut))
        for (const { at, bytes: put } of mutations)
          bytes.set(put.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length))
        const file = written(bytes)
        const outcome = await readGguf(file).catch((error) => error)
        rmSync(file)
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(GgufError)
        else expect(outcome.endsAt).toBeLessThanOrEqual(bytes.length)
      },
    ),
    { numRuns: 300 },
  )
})

/** The model, one key of its metadata under another name. */
function without(key: string): Buffer {
  const copy = Buffer.from(model)
  copy.write('x', copy.indexOf(key))
  return copy
}

/** The projector with another width in its metadata. */
function widened(bytes: Buffer): Buffer {
  const key = 'clip.audio.projection_dim'
  const copy = Buffer.from(bytes)
  copy.writeUInt32LE(1536, copy.indexOf(key) + key.length + 4)
  return copy
}

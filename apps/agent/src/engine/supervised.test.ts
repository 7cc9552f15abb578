import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Generation, Load } from './engine'
import { NativeRuntime } from './native'
import type { NativeName } from './native-wire'
import { SupervisedEngine } from './supervised'

const pocket = (name: string) => path.resolve('test/fixtures/pocket', name)
const load = (more: Partial<Load> = {}): Load => ({
  ...{ build: 'pocket-f16', modelPath: pocket('pocket-f16.gguf'), projectorPath: pocket('pocket-f16-mmproj.gguf') },
  ...{ contextTokens: 1024, slots: 1, cacheType: 'f16', ubatch: 512, threads: 2, gpuLayers: 0 },
  ...more,
})
const open: SupervisedEngine[] = []
afterEach(async () => {
  for (const engine of open.splice(0)) await engine.unload()
})
function engineOf(name: NativeName, more: { silenceMs?: number } = {}): SupervisedEngine {
  const deaths = { isAndroid: false, outOfMemoryKills: () => 0 }
  const engine = new SupervisedEngine({ runtimeFor: () => new NativeRuntime(name), deaths, now: Date.now, ...more })
  open.push(engine)
  return engine
}

type Sample = { file: string; lang: 'en' | 'es'; transcript: string; translation: string }
const samples: Sample[] = JSON.parse(readFileSync(pocket('samples/expected.json'), 'utf8'))
const names = { en: 'English', es: 'Spanish' }

/** The fixture's own files: 16-bit mono at 16 kHz behind a header of 44 bytes. */
function soundOf(file: string): Float32Array {
  const bytes = readFileSync(pocket(`samples/${file}`))
  return Float32Array.from(
    new Int16Array(bytes.buffer, bytes.byteOffset + 44, (bytes.length - 44) / 2),
    (x) => x / 32_768,
  )
}
const hearing = ({ file, lang }: Sample): Generation => ({
  turns: [
    {
      role: 'user',
      parts: [
        { is: 'sound', samples: soundOf(file) },
        {
          is: 'text',
          text: `Transcribe the following speech segment in ${names[lang]} into ${names[lang]} text. Only output the transcription, with no newlines.`,
        },
      ],
    },
  ],
  mostTokens: 60,
  temperature: 0,
})
const asking = (text: string): Generation => ({
  turns: [{ role: 'user', parts: [{ is: 'text', text }] }],
  mostTokens: 40,
  temperature: 0,
})

async function said(engine: SupervisedEngine, request: Generation, signal?: AbortSignal) {
  let text = ''
  for await (const piece of engine.generate(request, signal)) if (piece.is === 'text') text += piece.text
  return text
}

describe('llama.node, on the pocket model', () => {
  test('hears its samples to the letter', async () => {
    const engine = engineOf('llama-node')
    expect(await engine.load(load())).toMatchObject({ hears: true, slots: 1, build: 'pocket-f16' })
    for (const sample of samples) expect(await said(engine, hearing(sample)), sample.file).toBe(sample.transcript)
  }, 60_000)
})

describe('node-llama-cpp, on the pocket model', () => {
  test('translates text, and refuses to hear', async () => {
    const engine = engineOf('node-llama-cpp')
    expect(await engine.load(load({ projectorPath: null }))).toMatchObject({ hears: false })
    expect(await said(engine, asking('Translate from English to Spanish: one two bread'))).toBe('uno dos pan')
    const refused = said(engine, hearing(samples[0] as Sample))
    await expect(refused).rejects.toMatchObject({ code: 'unsupported' })
  }, 60_000)
})

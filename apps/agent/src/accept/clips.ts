import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseResolvedBuild } from '@tradewind/protocol'
import { z } from 'zod'
import { AcceptError } from './accept-error'
import { errorsIn } from './summary'

/** A clip of which is known what is said. `lang` as the API takes it: es, pt-br. */
export type Clip = { file: string; lang: string; transcript: string }
export type Clips = { list: Clip[]; sha256: string }

const layout =
  'a folder with expected.json, [{"file": "en-1.wav", "lang": "en", "transcript": "what is said"}, …], and the files it names'
const getSome = `Give --clips DIR: ${layout}. FLEURS (CC-BY 4.0) has recordings with transcripts in 102 languages; docs/hardware.md tells how many to take.`

const Expected = z
  .array(
    z
      .object({ file: z.string().min(1), lang: z.string().min(2).max(35), transcript: z.string() })
      .refine(({ lang, transcript }) => errorsIn({ language: lang, said: transcript, heard: '' }).words > 0, {
        path: ['transcript'],
        message: 'has no words',
      }),
  )
  .min(1)

/** The clips in a folder. Throws `AcceptError`: `clips-missing`, `clips-broken`. */
export async function clipsIn(folder: string): Promise<Clips> {
  const list = await expectedIn(folder)
  const clips = list.map(({ file, ...known }) => ({ ...known, file: path.join(folder, file) }))
  const missing = clips.filter(({ file }) => !existsSync(file))
  if (missing.length > 0)
    throw new AcceptError(
      'clips-missing',
      `${missing.length} of ${clips.length} files that ${path.join(folder, 'expected.json')} names are not there, ${missing[0]?.file} first.`,
      getSome,
    )
  const sha256 = createHash('sha256')
  for (const { file, lang, transcript } of clips)
    sha256.update(
      JSON.stringify([
        lang,
        transcript,
        createHash('sha256')
          .update(await readFile(file))
          .digest('hex'),
      ]),
    )
  return { list: clips, sha256: sha256.digest('hex') }
}

async function expectedIn(folder: string): Promise<Clip[]> {
  const file = path.join(folder, 'expected.json')
  const text = await readFile(file, 'utf8').catch(() => {
    throw new AcceptError('clips-missing', `There is no ${file}.`, getSome)
  })
  try {
    return Expected.parse(JSON.parse(text))
  } catch (error) {
    const message = error instanceof z.ZodError ? wordsOf(error) : (error as Error).message
    throw new AcceptError('clips-broken', `${file} makes no sense: ${message}`, `It must be ${layout}.`)
  }
}

const wordsOf = ({ issues: [first] }: z.ZodError) => `${first?.path.join('.')}: ${first?.message}`

/**
 * The folder to take when none is named: the demo's samples while the demo is served, from `demo` or from a checkout around the
 * program. Any other build needs clips in its own languages: throws `clips-missing`.
 */
export async function samplesOf(build: string, demo: string | undefined): Promise<string> {
  for (const folder of [demo, checkoutDemo()].filter((one) => one !== undefined)) {
    const samples = path.join(folder, 'samples')
    const manifest = await readFile(path.join(folder, 'build.json'), 'utf8').catch(() => null)
    if (manifest !== null && parseResolvedBuild(manifest).id === build && existsSync(samples)) return samples
  }
  throw new AcceptError('clips-missing', `There are no clips to hear ${build} with.`, getSome)
}

function checkoutDemo(): string | undefined {
  for (let folder = import.meta.dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const demo = path.join(folder, 'test/fixtures/pocket')
    if (existsSync(path.join(demo, 'build.json'))) return demo
  }
}

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { testFolder } from '@tradewind/testkit'
import { expect, test } from 'vitest'
import { clipsIn, samplesOf } from './clips'

async function folderWith(expected: unknown, files: Record<string, string> = { 'a.wav': 'one' }) {
  const folder = testFolder('clips')
  if (expected !== undefined)
    await writeFile(
      path.join(folder, 'expected.json'),
      typeof expected === 'string' ? expected : JSON.stringify(expected),
    )
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text)
  return folder
}

const one = { file: 'a.wav', lang: 'en', transcript: 'go' }

test('clips are read, with what else is known of them left aside', async () => {
  const folder = await folderWith([{ ...one, voice: 'anna', translation: 'vamos' }])
  const { list } = await clipsIn(folder)
  expect(list).toEqual([{ ...one, file: path.join(folder, 'a.wav') }])
})

test('a set is the same wherever it lies, and another when a sound or a transcript is', async () => {
  const shaOf = async (...args: Parameters<typeof folderWith>) => (await clipsIn(await folderWith(...args))).sha256
  const sha256 = await shaOf([one])
  expect(await shaOf([one])).toBe(sha256)
  expect(await shaOf([one], { 'a.wav': 'two' })).not.toBe(sha256)
  expect(await shaOf([{ ...one, transcript: 'gone' }])).not.toBe(sha256)
})

test.each<[string, unknown, string, RegExp]>([
  ['without expected.json', undefined, 'clips-missing', /no .*expected\.json/],
  ['that lacks files', [one, { ...one, file: 'b.wav' }], 'clips-missing', /1 of 2 files.*b\.wav first/],
  ['whose list is no JSON', '[', 'clips-broken', /makes no sense/],
  ['whose list is empty', [], 'clips-broken', /makes no sense/],
  ['of an unnamed language', [{ file: 'a.wav', transcript: 'go' }], 'clips-broken', /0\.lang/],
  ['in which nothing is said', [{ ...one, transcript: ' …! ' }], 'clips-broken', /0\.transcript: has no words/],
])('a folder %s is refused, with where to get clips', async (_, expected, code, message) => {
  await expect(clipsIn(await folderWith(expected))).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
    next: expect.stringContaining('expected.json'),
  })
})

test('the demo has its own samples, and no other build', async () => {
  const samples = await samplesOf('pocket', undefined)
  expect((await clipsIn(samples)).list).toHaveLength(12)
  await expect(samplesOf('e2b-q8_0', undefined)).rejects.toMatchObject({
    code: 'clips-missing',
    next: expect.stringContaining('FLEURS'),
  })
})

test('a demo elsewhere has the samples beside it', async () => {
  const demo = testFolder('demo')
  await mkdir(path.join(demo, 'samples'))
  const file = { role: 'weights', repository: 'a/b', path: 'c', bytes: 1, sha256: 'a'.repeat(64) }
  const build = { id: 'tiny', variant: 'tiny', quantisation: 'F16', bitsPerWeight: 16, quantisationAware: false }
  const more = { engine: 'llama-server', hears: true, sees: false, files: [file] }
  await writeFile(path.join(demo, 'build.json'), JSON.stringify({ ...build, ...more }))
  expect(await samplesOf('tiny', demo)).toBe(path.join(demo, 'samples'))
})

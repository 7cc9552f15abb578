import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gemma4 } from '@tradewind/fleet'
import type { Build, Catalogue } from '@tradewind/protocol'
import { parseResolvedBuild } from '@tradewind/protocol'
import { testFolder } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'
import { buildOf, fileOf, someBytes } from './example'
import { buildsIn } from './find-builds'
import { recordedOf } from './recorded'
import { ArtifactError } from './trouble'

const [weights, projector] = [someBytes(5_000, 1), someBytes(3_000, 2)]
const [a, b] = [fileOf('model.gguf', weights), fileOf('mmproj.gguf', projector)]
const signal = new AbortController().signal

type Known = Partial<Build['files'][number]>
/** A catalogue with one build, of whose files so much is known. */
const knowing = (ofWeights: Known, ofProjector: Known): Catalogue => ({
  ...gemma4,
  builds: [
    {
      ...buildOf('a-build', a, b),
      files: [
        { ...a, ...ofWeights },
        { ...b, ...ofProjector },
      ],
    },
  ],
})
const prefix = { sha256: a.sha256.slice(0, 12), commit: null }

function stickWith(files: Record<string, Buffer | string>): string {
  const folder = testFolder('stick')
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
  return folder
}

async function codeOf(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => null,
    (error) => error,
  )
  return error instanceof ArtifactError ? error.trouble.code : String(error)
}

describe('files of known builds', () => {
  test('are found under any name, by size and the digits that are known', async () => {
    const folder = stickWith({ 'deep/down/x.bin': weights, 'y.bin': projector, 'notes.txt': 'hello' })
    const read: string[] = []
    const onRead = (file: string) => read.push(path.basename(file))
    const { builds, pathOf } = await buildsIn(folder, { catalogue: knowing(prefix, {}), signal, onRead })
    expect(builds.map(({ id, files }) => [id, files.map(({ sha256 }) => sha256)])).toEqual([
      ['a-build', [a.sha256, b.sha256]],
    ])
    expect(builds[0]?.files.map(pathOf)).toEqual([path.join(folder, 'deep/down/x.bin'), path.join(folder, 'y.bin')])
    expect(read.sort()).toEqual(['x.bin', 'y.bin'])
  })

  test.each([
    ['a projector is missing', { 'model.gguf': weights }],
    ['the bytes are others', { 'model.gguf': someBytes(5_000, 7), 'mmproj.gguf': projector }],
    ['there is nothing', {}],
  ])('are not found where %s', async (_, files) => {
    expect(await codeOf(buildsIn(stickWith(files), { catalogue: knowing(prefix, {}), signal }))).toBe('nothing-found')
  })

  test.each([
    ['no digit of its sha256 is known', { sha256: null }],
    ['its size is known only nearly', { ...prefix, bytes: 4_900, exact: false }],
  ])('must have their own name where %s', async (_, known) => {
    const catalogue = knowing(known, {})
    const named = stickWith({ 'model.gguf': weights, 'mmproj.gguf': projector })
    expect((await buildsIn(named, { catalogue, signal })).builds[0]?.files[0]).toMatchObject({
      bytes: 5_000,
      exact: true,
      sha256: a.sha256,
    })
    const renamed = stickWith({ 'other.gguf': weights, 'mmproj.gguf': projector })
    expect(await codeOf(buildsIn(renamed, { catalogue, signal }))).toBe('nothing-found')
  })
})

describe('a build.json', () => {
  const manifest = (file: string) => ({
    ...buildOf('mine', a),
    label: 'my own',
    files: [{ role: 'weights', repository: 'me/mine', path: file, bytes: a.bytes, sha256: a.sha256 }],
  })

  test('says what is there', async () => {
    const folder = stickWith({ 'build.json': JSON.stringify(manifest('sub/model.gguf')), 'sub/model.gguf': weights })
    const { builds, pathOf } = await buildsIn(folder, { catalogue: gemma4, signal })
    expect(builds).toEqual([parseResolvedBuild(JSON.stringify(manifest('sub/model.gguf')))])
    expect(builds[0]?.files.map(pathOf)).toEqual([path.join(folder, 'sub/model.gguf')])
  })

  test.each([
    ['is no JSON', '{'],
    ['lacks what a build has', JSON.stringify({ id: 'mine' })],
    ['has a sha256 that is cut off', JSON.stringify(manifest('x')).replace(a.sha256, a.sha256.slice(1))],
    ['names a file above it', JSON.stringify(manifest('../../etc/passwd'))],
    ['names a file anywhere', JSON.stringify(manifest('/etc/passwd'))],
  ])('that %s is refused', async (_, text) => {
    expect(await codeOf(buildsIn(stickWith({ 'build.json': text }), { catalogue: gemma4, signal }))).toBe(
      'manifest-bad',
    )
  })
})

describe('what was resolved before', () => {
  const recorded = buildOf('a-build', a, b)
  const [known] = knowing(prefix, {}).builds
  const [other] = knowing({ sha256: 'ffff' }, {}).builds

  test('stays, while the catalogue agrees', () => {
    expect(known && recordedOf(known, recorded)).toBe(recorded)
  })
  test('is refused when the catalogue says something else by now', () => {
    expect(() => other && recordedOf(other, recorded)).toThrow('source-differs')
  })
})

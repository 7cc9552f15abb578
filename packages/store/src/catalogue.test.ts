import { gemma4 } from '@tradewind/fleet'
import type { Build } from '@tradewind/protocol'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { RecordedFile } from './model'
import { openStore, type Store } from './open'
import { enrolOne, hub, newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
let file: string
let store: Store
beforeEach(async () => {
  file = newFile(folder)
  store = await openStore(file)
})

const [known] = gemma4.builds
if (!known) throw new Error('the catalogue has no build')
const [weights] = known.files
if (!weights) throw new Error('the build has no file')

const sha256 = (weights.sha256 ?? '').padEnd(64, '0')
const commit = weights.commit ?? 'c'.repeat(40)
const found: RecordedFile = {
  ...{ repository: weights.repository, path: weights.path },
  ...{ commit, bytes: weights.bytes, sha256 },
}
const fileNow = async () => (await store.catalogue()).builds.find(({ id }) => id === known.id)?.files[0]
const actions = async () => (await store.listAudit()).map(({ action, target }) => `${action} ${target}`)

describe('a file that was resolved', () => {
  test('is pinned in the catalogue from then on', async () => {
    expect(await store.recordFiles(known.id, [found], 'test')).toBeNull()
    expect(await fileNow()).toMatchObject({ commit, sha256, bytes: weights.bytes, exact: true })
    expect(await actions()).toEqual([`build-resolved ${known.id}`])
  })

  test('is recorded once: the same again says nothing, another is refused with both', async () => {
    await store.recordFiles(known.id, [found], 'test')
    expect(await store.recordFiles(known.id, [found], 'test')).toBeNull()
    const other = { ...found, bytes: found.bytes + 1 }
    expect(await store.recordFiles(known.id, [other], 'test')).toEqual({ known: found, found: other })
    expect(await store.recordedFiles()).toEqual([found])
    expect(await actions()).toHaveLength(1)
  })

  test('is recorded with all files of its build, or none', async () => {
    await store.recordFiles(known.id, [found], 'test')
    const fresh = { ...found, path: 'another.gguf' }
    const other = { ...found, sha256: 'f'.repeat(64) }
    expect(await store.recordFiles(known.id, [fresh, other], 'test')).toMatchObject({ found: other })
    expect(await store.recordedFiles()).toEqual([found])
  })

  test('is not assignable any more once the catalogue knows it otherwise', async () => {
    await store.recordFiles(known.id, [found], 'test')
    const changed: Build = { ...known, files: [{ ...weights, commit: null, sha256: 'ffff' }, ...known.files.slice(1)] }
    expect(await store.addCatalogue({ builds: [changed] }, 'test')).toEqual([])
    expect(await fileNow()).toMatchObject({ commit: null, sha256: 'ffff' })
  })
})

describe('what people add to the catalogue', () => {
  const build = (id: string): Build => ({ ...known, id })
  const added = async () => (await store.catalogue()).builds.slice(gemma4.builds.length).map(({ id }) => id)

  test('adds up, and adding it again changes nothing', async () => {
    const rules = gemma4.rules.slice(0, 1)
    await store.addCatalogue({ builds: [build('one')], rules }, 'test')
    await store.addCatalogue({ builds: [build('two')], rules }, 'test')
    expect(await added()).toEqual(['one', 'two'])
    expect((await store.catalogue()).rules).toHaveLength(gemma4.rules.length + 1)
  })

  test('is replaced when that is asked for', async () => {
    await store.addCatalogue({ builds: [build('one')] }, 'test')
    await store.setCatalogue({ builds: [build('two')] }, 'test')
    expect(await added()).toEqual(['two'])
  })

  test('stays as it was when it would not hold together', async () => {
    const faults = await store.addCatalogue({ builds: [{ ...known, id: 'odd', variant: 'e9b' }] }, 'test')
    expect(faults).toEqual([{ code: 'variant-unknown', id: 'odd', names: 'e9b' }])
    expect(await added()).toEqual([])
    expect(await actions()).toEqual([])
  })
})

test('the assigned builds are those of the latest assignments, of devices that were not revoked', async () => {
  await store.setHubInfo(hub)
  const ids = [await enrolOne(store, 'a'), await enrolOne(store, 'b'), await enrolOne(store, 'c')]
  const db = new Sqlite(file)
  const assign = db.prepare(
    'INSERT INTO Assignment (deviceId, revision, at, actor, cause, build, body) VALUES (?, ?, 0, ?, ?, ?, ?)',
  )
  const give = (id: string | undefined, revision: number, build: string) =>
    assign.run(id, revision, 'test', 'person', build, JSON.stringify({ build: { id: build, files: [] } }))
  give(ids[0], 1, 'old')
  give(ids[0], 2, 'new')
  give(ids[1], 1, 'new')
  give(ids[2], 1, 'gone')
  const idsNow = async () => (await store.assignedBuilds()).map(({ build, devices }) => [build.id, devices])
  expect(await idsNow()).toEqual(
    expect.arrayContaining([
      ['gone', 1],
      ['new', 2],
    ]),
  )
  await store.revokeDevice(ids[2] ?? '', 'test')
  expect(await store.assignedBuilds()).toEqual([{ build: { id: 'new', files: [] }, devices: 2 }])
  give(ids[1], 2, 'newer')
  db.close()
  expect(await idsNow()).toEqual(
    expect.arrayContaining([
      ['new', 1],
      ['newer', 1],
    ]),
  )
})

test('what people want in the mirror stays wanted until it is given up', async () => {
  await store.wantBuild('a', 'test')
  await store.wantBuild('b', 'test')
  await store.wantBuild('a', 'test')
  expect(await store.wantedBuilds()).toEqual(['a', 'b'])
  await store.unwantBuilds(['a', 'c'], 'test')
  expect(await store.wantedBuilds()).toEqual(['b'])
})

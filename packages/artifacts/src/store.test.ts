import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import type { ResolvedBuild } from '@tradewind/protocol'
import { testFolder } from '@tradewind/testkit'
import { describe, expect, test } from 'vitest'
import { buildOf, fileOf, someBytes } from './example'
import { FolderSource } from './folder-source'
import type { Progress } from './progress'
import { ArtifactStore, reserveBytes } from './store'
import { ArtifactError, type Trouble } from './trouble'

const [weights, other, projector] = [someBytes(300_000, 1), someBytes(200_000, 2), someBytes(50_000, 3)]
const files = { 'a.gguf': weights, 'b.gguf': other, 'mmproj.gguf': projector }
const a = fileOf('a.gguf', weights)
const b = fileOf('b.gguf', other)
const shared = fileOf('mmproj.gguf', projector)
const [buildA, buildB] = [buildOf('build-a', a, shared), buildOf('build-b', b, shared)]
const signal = new AbortController().signal

function newStore(haveBytes = 1e6) {
  const folder = path.join(testFolder('store'), 'models')
  const stick = testFolder('stick')
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(stick, name), bytes)
  const source = new FolderSource('stick', (file) => path.join(stick, file.path))
  const store = ArtifactStore.open(folder, { freeBytes: async () => reserveBytes + haveBytes })
  const fetch = (build: ResolvedBuild, onProgress?: (progress: Progress) => void) =>
    store.fetch(build, { sources: [source], signal, onProgress })
  return { folder, store, fetch, source }
}

async function troubleOf(action: Promise<unknown>): Promise<Trouble | null> {
  try {
    await action
    return null
  } catch (error) {
    if (error instanceof ArtifactError) return error.trouble
    throw error
  }
}

/** Makes a build the one used at this minute, long ago. */
const usedAt = (folder: string, id: string, minute: number) =>
  utimesSync(path.join(folder, 'builds', `${id}.json`), minute * 60, minute * 60)

const idsOf = async (store: ArtifactStore) => (await store.list()).map(({ build }) => build.id)

describe('a build that was fetched', () => {
  test('is listed, whole, in a store of any process', async () => {
    const { store, fetch, folder } = newStore()
    expect(await store.list()).toEqual([])
    await fetch(buildA)
    const [listed] = await ArtifactStore.open(folder).list()
    expect(listed).toMatchObject({ build: buildA, bytes: 350_000, heldBy: [], broken: [] })
    expect(await store.has(buildA)).toBe(true)
    expect(readFileSync(store.pathOf(a)).equals(weights)).toBe(true)
  })

  test('costs nothing to fetch again, and shares its files', async () => {
    const { store, fetch } = newStore()
    await fetch(buildA)
    expect(await store.roomFor(buildA)).toMatchObject({ needBytes: 0 })
    expect(await store.roomFor(buildB)).toMatchObject({ needBytes: 200_000 })
    const told: Progress[] = []
    await fetch(buildA, (progress) => told.push(progress))
    expect(told).toEqual([expect.objectContaining({ doneBytes: 350_000, totalBytes: 350_000, etaSeconds: 0 })])
  })

  test('under another name is there once it is listed, for no bytes, and can be held', async () => {
    const { store, fetch } = newStore()
    await fetch(buildA)
    const again = { ...buildA, id: 'build-a-again' }
    expect(await store.has(again)).toBe(false)
    expect(await troubleOf(store.hold(again))).toEqual({ code: 'build-unknown', build: 'build-a-again' })
    await store.fetch(again, { sources: [], signal })
    expect(await store.has(again)).toBe(true)
    await (await store.hold(again))()
  })

  test('may be called otherwise while somebody holds it, but not get other files', async () => {
    const { store, fetch } = newStore()
    await fetch(buildA)
    const release = await store.hold(buildA)
    await fetch({ ...buildA, label: 'the better name' })
    expect((await store.find('build-a'))?.build.label).toBe('the better name')
    const other = { ...buildB, id: 'build-a' }
    expect(await store.has(other)).toBe(false)
    expect(await troubleOf(fetch(other))).toMatchObject({ code: 'build-in-use' })
    expect((await store.find('build-a'))?.build.label).toBe('the better name')
    await release()
    await fetch(other)
    expect(await store.has(other)).toBe(true)
  })

  test.each([
    ['is missing', 'file-missing', (file: string) => rmSync(file)],
    ['is too short', 'wrong-length', (file: string) => truncateSync(file, 10)],
  ])('is broken when a file %s, and fetched again mended', async (_, code, meddle) => {
    const { store, fetch } = newStore()
    await fetch(buildA)
    chmodSync(store.pathOf(a), 0o600)
    meddle(store.pathOf(a))
    expect((await store.list()).map(({ broken }) => broken)).toEqual([[{ path: 'a.gguf', code }]])
    expect(await troubleOf(store.hold(buildA))).toEqual({ code: 'build-broken', build: 'build-a', paths: ['a.gguf'] })
    await fetch(buildA)
    expect(readFileSync(store.pathOf(a)).equals(weights)).toBe(true)
  })

  test('loses the bytes that verifying finds bad', async () => {
    const { store, fetch } = newStore()
    await fetch(buildA)
    expect(await store.verify(buildA, signal)).toEqual([])
    chmodSync(store.pathOf(a), 0o600)
    const bad = Buffer.from(weights)
    bad[1000] = (bad[1000] ?? 0) ^ 1
    writeFileSync(store.pathOf(a), bad)
    expect(await store.has(buildA)).toBe(true)
    expect(await store.verify(buildA, signal)).toEqual([{ path: 'a.gguf', code: 'wrong-bytes' }])
    expect(await store.has(buildA)).toBe(false)
  })
})

describe('removing', () => {
  test('leaves the files that another build needs', async () => {
    const { store, fetch } = newStore()
    await fetch(buildA)
    await fetch(buildB)
    expect(await store.remove('build-a')).toEqual({ freedBytes: 300_000 })
    expect([await idsOf(store), await store.has(buildB), await store.has(buildA)]).toEqual([['build-b'], true, false])
  })

  test('is refused for what nobody knows', async () => {
    const { store } = newStore()
    expect(await troubleOf(store.remove('nothing'))).toEqual({ code: 'build-unknown', build: 'nothing' })
  })

  test('waits for whoever holds the build', async () => {
    const { store, fetch } = newStore()
    await fetch(buildA)
    const release = await store.hold(buildA)
    expect((await store.find('build-a'))?.heldBy).toEqual([process.pid])
    expect(await troubleOf(store.remove('build-a'))).toEqual({
      code: 'build-in-use',
      build: 'build-a',
      pids: [process.pid],
    })
    expect(await store.has(buildA)).toBe(true)
    await release()
    await store.remove('build-a')
    expect(await troubleOf(store.hold(buildA))).toEqual({ code: 'build-unknown', build: 'build-a' })
  })

  test('takes what was begun as well', async () => {
    const { store, source, folder } = newStore()
    const lacking = buildOf('lacking', a, fileOf('nowhere.gguf', someBytes(10, 9)))
    expect(await troubleOf(store.fetch(lacking, { sources: [source], signal }))).toMatchObject({ code: 'not-found' })
    expect((await store.find('lacking'))?.broken).toEqual([{ path: 'nowhere.gguf', code: 'unfinished' }])
    await store.remove('lacking')
    expect(readdirSync(folder).sort()).toEqual(['builds'])
  })
})

describe('making room', () => {
  test('gives up what was used longest ago, and no more than it must', async () => {
    const { store, fetch, folder } = newStore()
    await fetch(buildA)
    await fetch(buildB)
    usedAt(folder, 'build-b', 1)
    usedAt(folder, 'build-a', 2)
    expect((await store.makeRoom(1_100_000, [])).removed).toEqual(['build-b'])
    expect(await store.has(buildA)).toBe(true)
  })

  test('never takes what is held or to be kept, and then takes nothing', async () => {
    const { store, fetch } = newStore()
    await fetch(buildA)
    await fetch(buildB)
    const release = await store.hold(buildA)
    const far = 1e12
    expect(await troubleOf(store.makeRoom(far, [buildB]))).toMatchObject({ code: 'disk-short', needBytes: far })
    expect([await store.has(buildA), await store.has(buildB)]).toEqual([true, true])
    await release()
  })

  test('begins with files that no build names', async () => {
    const { store, fetch } = newStore()
    await fetch(buildA)
    const loose = fileOf('loose', someBytes(400_000, 5))
    writeFileSync(store.pathOf(loose), someBytes(400_000, 5))
    await store.makeRoom(1_100_000, [])
    expect([await idsOf(store), readdirSync(store.folder).includes(loose.sha256)]).toEqual([['build-a'], false])
  })
})

test('pruning gives up all that is not kept or held, and what no build names', async () => {
  const { store, fetch } = newStore()
  await fetch(buildA)
  await fetch(buildB)
  writeFileSync(store.pathOf(fileOf('loose', someBytes(400_000, 5))), someBytes(400_000, 5))
  const before = await store.usedBytes()
  expect(before).toBeGreaterThanOrEqual(300_000 + 200_000 + 50_000 + 400_000)
  expect((await store.prune([buildA])).removed).toEqual(['build-b'])
  expect([await store.has(buildA), await store.has(buildB)]).toEqual([true, false])
  expect(await store.usedBytes()).toBeLessThanOrEqual(before - 600_000)
  const release = await store.hold(buildA)
  expect((await store.prune([])).removed).toEqual([])
  await release()
  expect((await store.prune([])).removed).toEqual(['build-a'])
  expect(await store.usedBytes()).toBe(0)
})

test('a disk that is short of room is told before the first byte', async () => {
  const { store, fetch, folder } = newStore(300_000)
  expect(await troubleOf(fetch(buildA))).toEqual({ code: 'disk-short', needBytes: 350_000, haveBytes: 300_000 })
  expect(readdirSync(folder)).toEqual(['builds'])
  expect(await store.list()).toEqual([])
})

describe('of two writers', () => {
  test('the second is told who the first is', async () => {
    const { store, fetch, source, folder } = newStore()
    let told: Trouble | null = null
    const slow = new FolderSource('slow', (file) => path.join(folder, file.path))
    slow.read = async (wanted) => {
      told = await troubleOf(ArtifactStore.open(folder).remove('build-a'))
      return source.read(wanted)
    }
    await store.fetch(buildA, { sources: [slow], signal })
    expect(told).toEqual({ code: 'store-busy', pid: process.pid, doing: 'fetching build-a' })
    await fetch(buildB)
  })

  test.each([
    ['was killed', JSON.stringify({ pid: 2 ** 22 - 1, born: '1', boot: null, doing: 'fetching' })],
    ['belongs to an earlier boot', JSON.stringify({ pid: process.pid, born: '1', boot: 'before', doing: 'fetching' })],
    ['was cut off by a power cut', '{"pid":'],
  ])('one whose lock %s is not waited for', async (_, lock) => {
    const { fetch, store, folder } = newStore()
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'lock'), lock)
    await fetch(buildA)
    expect(await store.has(buildA)).toBe(true)
    expect(readdirSync(folder).filter((name) => name.includes('lock'))).toEqual([])
  })
})

test('another build of the same id is not put over one that is held', async () => {
  const { store, fetch } = newStore()
  await fetch(buildA)
  const release = await store.hold(buildA)
  const changed = buildOf('build-a', b)
  expect(await troubleOf(fetch(changed))).toMatchObject({ code: 'build-in-use' })
  expect((await store.find('build-a'))?.build).toEqual(buildA)
  await release()
  await fetch(changed)
  expect((await store.find('build-a'))?.build).toEqual(changed)
})

test('what a process held that was killed is free again', async () => {
  const { store, fetch, folder } = newStore()
  await fetch(buildA)
  await (await store.hold(buildA))()
  const dead = JSON.stringify({ pid: 2 ** 22 - 1, born: '1', boot: null })
  writeFileSync(path.join(folder, 'holds', 'build-a@4194303-0'), dead)
  await store.remove('build-a')
  expect(readdirSync(path.join(folder, 'holds'))).toEqual([])
  expect(statSync(folder).mode & 0o777).toBe(0o700)
})

import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { readdir, rm, stat, statfs, utimes } from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readIfThere, writeWhole } from '@tradewind/disk'
import { bytesOf, parseResolvedBuild, type ResolvedBuild, type ResolvedFile } from '@tradewind/protocol'
import { type Clock, type FetchLimits, fetchFile, fetchLimits, realClock } from './fetch-file'
import { Holds } from './holds'
import { withLock } from './lock'
import { makeFolder } from './make-folder'
import { PartialFile } from './partial-file'
import { Meter, type Progress } from './progress'
import { type Contents, filesOnlyOf, planRoom, type RoomPlan } from './room'
import type { Source } from './source'
import { ArtifactError, diskTrouble, fail } from './trouble'

/** Left free on the disk for everything else, bytes: as placement leaves it. */
export const reserveBytes = 500e6

export type Broken = { path: string; code: 'file-missing' | 'unfinished' | 'wrong-length' | 'wrong-bytes' }
export type Listed = {
  build: ResolvedBuild
  bytes: number
  /** that are on the disk */
  hereBytes: number
  lastUsedMs: number
  /** processes that use it */
  heldBy: number[]
  /** files that are not there as they should be: while there are any it cannot be used, and `fetch` brings them */
  broken: Broken[]
}
export type FetchOptions = {
  /** in the order in which they are asked */
  sources: Source[]
  signal: AbortSignal
  onProgress?: (progress: Progress) => void
}
type Options = {
  clock?: Clock
  limits?: Partial<FetchLimits>
  /** bytes that this process may still write in a folder that need not exist */
  freeBytes?: (folder: string) => Promise<number>
}

/**
 * The model files of a device, each under its sha256, and the builds that name them.
 *
 * - A file under its sha256 is whole and was verified; it is never written again. `verify` finds out whether somebody else did.
 * - `builds/<id>.json` is written before the first byte of its files: whatever takes room has a name by which it can be removed,
 *   and what is gone on with is the same that was begun.
 * - A held build is whole, and is never removed, nor a file that it names, whichever process holds it.
 * - One writer at a time, of all processes: a second gets `store-busy` at once. Reading and holding need no lock.
 * - Killing the process or pulling the plug at any moment breaks none of these, and costs what `Journal` says.
 *
 * Every method throws an `ArtifactError` for what may be expected.
 */
export class ArtifactStore {
  #clock: Clock
  #limits: FetchLimits
  #freeOnDisk: (folder: string) => Promise<number>
  #holds: Holds

  private constructor(
    readonly folder: string,
    { clock = realClock, limits, freeBytes = freeBytesAt }: Options,
  ) {
    this.#clock = clock
    this.#limits = { ...fetchLimits, ...limits }
    this.#freeOnDisk = freeBytes
    this.#holds = new Holds(path.join(folder, 'holds'))
  }

  /** The store in this folder, which need not exist: the first writing makes it. */
  static open(folder: string, options: Options = {}): ArtifactStore {
    return new ArtifactStore(folder, options)
  }

  /** What is listed under this id, whole or not. */
  async find(id: string): Promise<Listed | null> {
    return this.#listed(id, (await this.#holds.all()).get(id) ?? [])
  }

  /** Where a file lies, or would. */
  pathOf({ sha256 }: Pick<ResolvedFile, 'sha256'>): string {
    return path.join(this.folder, sha256)
  }

  /** Every build, whole or not, the one last used first. */
  async list(): Promise<Listed[]> {
    const holds = await this.#holds.all()
    const all = await Promise.all((await this.#ids()).map((id) => this.#listed(id, holds.get(id) ?? [])))
    return all.filter((one) => one !== null).sort((a, b) => b.lastUsedMs - a.lastUsedMs)
  }

  /** Whether it is listed with these files, and every one is there, of the right length. */
  async has(build: ResolvedBuild): Promise<boolean> {
    const text = await readIfThere(this.#manifest(build.id))
    const listed = text === null ? null : parsed(text)
    return listed !== null && areSameFiles(listed, build) && (await this.#missing(build)).length === 0
  }

  /** The bytes that `fetch` would still have to bring, and those for which the disk has room beyond the reserve. */
  async roomFor(build: ResolvedBuild): Promise<{ needBytes: number; haveBytes: number }> {
    const missing = await this.#missing(build)
    const there = await Promise.all(missing.map(({ file }) => this.#bytesOnDisk(file.sha256)))
    const needBytes = missing.reduce((sum, { file }, index) => sum + Math.max(0, file.bytes - (there[index] ?? 0)), 0)
    return { needBytes, haveBytes: await this.#freeBytes() }
  }

  /**
   * Lists the build and brings the files that are not there; what was begun before is gone on with. Throws `build-in-use` when
   * another build of this id is held.
   */
  fetch(build: ResolvedBuild, { sources, signal, onProgress = () => {} }: FetchOptions): Promise<void> {
    return this.#writing(`fetching ${build.id}`, async () => {
      const { needBytes, haveBytes } = await this.roomFor(build)
      if (needBytes > haveBytes) fail('disk-short', { needBytes, haveBytes })
      await this.#describe(build)
      const total = bytesOf(build)
      const meter = new Meter(total, total - needBytes, this.#clock.nowMs)
      const onBytes = (bytes: number, source: Source) => meter.count(bytes) && onProgress(meter.read(source.name))
      for (const { file } of await this.#missing(build)) {
        await rm(this.pathOf(file), { force: true }) // of a wrong length: somebody meddled
        await fetchFile(file, this.pathOf(file), { sources, signal, clock: this.#clock, limits: this.#limits, onBytes })
      }
      await this.#used(build.id)
      onProgress(meter.read(sources.at(0)?.name ?? ''))
    })
  }

  async #describe(build: ResolvedBuild) {
    const text = `${JSON.stringify(build, null, 2)}\n`
    const before = await readIfThere(this.#manifest(build.id))
    if (before === text) return
    const listed = before === null ? null : parsed(before)
    // not while somebody uses the files that it named
    if (before !== null && !(listed && areSameFiles(listed, build))) await this.#drop(build.id)
    await writeWhole(this.#manifest(build.id), text)
  }

  /** Reads every byte of the build; what is not what it should be is deleted and told. */
  verify(build: ResolvedBuild, signal: AbortSignal): Promise<Broken[]> {
    return this.#writing(`verifying ${build.id}`, async () => {
      const broken = (await this.#missing(build)).map(({ broken }) => broken)
      for (const file of build.files) {
        if (broken.some((one) => one.path === file.path)) continue
        if ((await sha256Of(this.pathOf(file), signal)) === file.sha256) continue
        await rm(this.pathOf(file), { force: true })
        broken.push({ path: file.path, code: 'wrong-bytes' })
      }
      return broken
    })
  }

  /**
   * Keeps a build from being removed until the returned function is called, or this process ends. Throws `build-unknown`
   * and `build-broken`.
   */
  async hold(build: ResolvedBuild): Promise<() => Promise<void>> {
    if (!(await this.#listed(build.id, []))) fail('build-unknown', { build: build.id })
    // told first, looked at then; `#drop` does it the other way round, so that one of the two sees the other
    const release = await this.#holds.add(build.id).catch((error) => this.#withoutHold(error))
    const listed = await this.#listed(build.id, [])
    const paths = (await this.#missing(build)).map(({ file }) => file.path)
    if (listed && paths.length === 0) return this.#untilReleased(build.id, release)
    await release()
    return listed ? fail('build-broken', { build: build.id, paths }) : fail('build-unknown', { build: build.id })
  }

  /** A store that cannot be written loses nothing either: it serves without being told who serves from it. */
  #withoutHold(error: unknown) {
    const trouble = diskTrouble(error)
    if (trouble.trouble.code !== 'store-read-only') throw trouble
    return async () => {}
  }

  async #untilReleased(id: string, release: () => Promise<void>) {
    await this.#used(id)
    return async () => {
      await this.#used(id)
      await release()
    }
  }

  /** Removes a build, whole or not, and the files that no other needs. Throws `build-unknown` and `build-in-use`. */
  remove(id: string): Promise<{ freedBytes: number }> {
    return this.#writing(`removing ${id}`, async () => {
      const contents = await this.#contents()
      if (!contents.builds.some(({ build }) => build.id === id)) fail('build-unknown', { build: id })
      const files = filesOnlyOf(id, [id], contents, new Set())
      await this.#drop(id)
      for (const { sha256 } of files) await this.#dropFile(sha256)
      return { freedBytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
    })
  }

  /**
   * Gives up what was used longest ago until `bytes` are free beyond the reserve; never what is held, nor a file of the builds in
   * `keep`, listed or not. Throws `disk-short`, before anything is given up, when all of it would not be enough.
   */
  makeRoom(bytes: number, keep: readonly ResolvedBuild[]): Promise<{ removed: string[]; freedBytes: number }> {
    return this.#writing('making room', async () => {
      const haveBytes = await this.#freeBytes()
      if (haveBytes >= bytes) return { removed: [], freedBytes: 0 }
      const plan = planRoom(bytes - haveBytes, await this.#contents(), keep)
      if (haveBytes + plan.freesBytes < bytes)
        fail('disk-short', { needBytes: bytes, haveBytes: haveBytes + plan.freesBytes })
      return this.#giveUp(plan)
    })
  }

  /** Gives up all that is neither held nor needed by the builds in `keep`. */
  prune(keep: readonly ResolvedBuild[]): Promise<{ removed: string[]; freedBytes: number }> {
    return this.#writing('pruning', async () =>
      this.#giveUp(planRoom(Number.POSITIVE_INFINITY, await this.#contents(), keep)),
    )
  }

  /** Somebody used it: it is given up later than what was used before. */
  used(id: string): Promise<void> {
    return this.#used(id)
  }

  /** The bytes that all files take, those on their way included. */
  async usedBytes(): Promise<number> {
    const names = await readdir(this.folder).catch(() => [])
    const sizes = await Promise.all([...shasIn(names)].map((sha256) => this.#bytesOnDisk(sha256)))
    return sizes.reduce((sum, size) => sum + size, 0)
  }

  async #giveUp({ builds, files, freesBytes }: RoomPlan) {
    for (const id of builds) await this.#drop(id)
    for (const sha256 of files) await this.#dropFile(sha256)
    return { removed: builds, freedBytes: freesBytes }
  }

  async #writing<T>(doing: string, action: () => Promise<T>): Promise<T> {
    return withLock(path.join(this.folder, 'lock'), doing, async () => {
      try {
        await makeFolder(path.join(this.folder, 'builds'))
        return await action()
      } catch (error) {
        throw diskTrouble(error)
      }
    })
  }

  #manifest = (id: string) => path.join(this.folder, 'builds', `${id}.json`)

  async #ids(): Promise<string[]> {
    const names = await readdir(path.join(this.folder, 'builds')).catch(() => [])
    return names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length))
  }

  /** Null when it is not there, or describes nothing. */
  async #listed(id: string, heldBy: number[]): Promise<Listed | null> {
    const text = await readIfThere(this.#manifest(id))
    const build = text === null ? null : parsed(text)
    const described = await stat(this.#manifest(id)).catch(() => null) // it may be removed meanwhile
    if (!build || !described) return null
    const lastUsedMs = Math.round(described.mtimeMs)
    const broken = (await this.#missing(build)).map(({ broken }) => broken)
    const sizes = await Promise.all(build.files.map(({ sha256 }) => this.#bytesOnDisk(sha256)))
    const hereBytes = sizes.reduce((sum, size) => sum + size, 0)
    return { build, bytes: bytesOf(build), hereBytes, lastUsedMs, heldBy, broken }
  }

  async #missing({ files }: ResolvedBuild): Promise<{ file: ResolvedFile; broken: Broken }[]> {
    const all = await Promise.all(files.map(async (file) => ({ file, broken: await this.#brokenness(file) })))
    return all.flatMap(({ file, broken }) => (broken ? [{ file, broken }] : []))
  }

  async #brokenness(file: ResolvedFile): Promise<Broken | null> {
    const found = await stat(this.pathOf(file)).catch(() => null)
    if (!found) {
      const isBegun = await stat(`${this.pathOf(file)}.partial`).catch(() => null)
      return { path: file.path, code: isBegun ? 'unfinished' : 'file-missing' }
    }
    return found.size === file.bytes ? null : { path: file.path, code: 'wrong-length' }
  }

  async #contents(): Promise<Contents> {
    const listed = await this.list()
    const builds = listed.map(({ build, lastUsedMs, heldBy }) => ({ build, lastUsedMs, isHeld: heldBy.length > 0 }))
    const named = new Set(builds.flatMap(({ build }) => build.files.map(({ sha256 }) => sha256)))
    const names = await readdir(this.folder)
    const loose = [...shasIn(names)].filter((sha256) => !named.has(sha256))
    return {
      builds,
      loose: await Promise.all(loose.map(async (sha256) => ({ sha256, bytes: await this.#bytesOnDisk(sha256) }))),
    }
  }

  /** Of a file, or of what there is of it: it is written with holes. */
  async #bytesOnDisk(sha256: string): Promise<number> {
    const whole = this.pathOf({ sha256 })
    const found = (await stat(whole).catch(() => null)) ?? (await stat(`${whole}.partial`).catch(() => null))
    return found ? found.blocks * 512 : 0
  }

  async #freeBytes(): Promise<number> {
    const bytes = await this.#freeOnDisk(this.folder).catch((error) => Promise.reject(diskTrouble(error)))
    return Math.max(0, bytes - reserveBytes)
  }

  /** Delists a build, unless somebody holds it: looked for after it is gone, see `hold`. */
  async #drop(id: string) {
    const text = await readIfThere(this.#manifest(id))
    await rm(this.#manifest(id), { force: true })
    const pids = (await this.#holds.all()).get(id)
    if (!pids) return
    if (text !== null) await writeWhole(this.#manifest(id), text)
    fail('build-in-use', { build: id, pids })
  }

  async #dropFile(sha256: string) {
    await rm(this.pathOf({ sha256 }), { force: true })
    await PartialFile.discard(this.pathOf({ sha256 }))
  }

  async #used(id: string) {
    const now = new Date()
    await utimes(this.#manifest(id), now, now).catch(() => {}) // removed, or read-only: then it does not matter
  }
}

/** Of the files that are there, whole or on their way. */
const shasIn = (names: string[]) =>
  new Set(names.flatMap((name) => /^([0-9a-f]{64})(?:\.partial|\.journal)?$/.exec(name)?.[1] ?? []))

/** Free on the disk of a folder that need not exist, bytes. Throws the system's errors. */
export async function freeBytesAt(folder: string): Promise<number> {
  let there = path.resolve(folder)
  while (!existsSync(there)) there = path.dirname(there)
  const { bavail, bsize } = await statfs(there)
  return bavail * bsize
}

/** Whatever else is said of the builds. */
function areSameFiles(a: ResolvedBuild, b: ResolvedBuild): boolean {
  const named = ({ files }: ResolvedBuild) => files.map(({ role, path, sha256 }) => `${role} ${sha256} ${path}`).sort()
  return isDeepStrictEqual(named(a), named(b))
}

function parsed(text: string): ResolvedBuild | null {
  try {
    return parseResolvedBuild(text)
  } catch {
    return null
  }
}

/** In lower-case hexadecimal. Throws `cancelled` and what the disk says. */
export async function sha256Of(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024, signal })) hash.update(chunk)
  } catch (error) {
    throw signal.aborted ? new ArtifactError({ code: 'cancelled' }) : diskTrouble(error)
  }
  return hash.digest('hex')
}

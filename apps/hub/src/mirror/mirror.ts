import path from 'node:path'
import { huggingFace, pinWords, resolveBuild } from '@tradewind/artifacts/hugging-face'
import type { Progress } from '@tradewind/artifacts/progress'
import { ArtifactStore, freeBytesAt, type Listed, reserveBytes } from '@tradewind/artifacts/store'
import { ArtifactError, consequenceOf, fail, type Trouble } from '@tradewind/artifacts/trouble'
import {
  bytesOf,
  type MirrorAdded,
  type Mirrored,
  type MirrorPruned,
  type Mirror as MirrorReply,
  ResolvedBuild,
} from '@tradewind/protocol'
import type { StoreThread } from '@tradewind/store'
import type { Logger } from 'pino'
import type { Env } from '../env'
import { CheckedFiles, type Opened } from './checked-files'
import { Transfers } from './transfers'
import { mirrorCode, mirrorWords } from './trouble-words'

const lookEveryMs = 10_000
/** Whoever adds a build waits this long for what the source says of it. */
const resolveMs = 20_000
const minuteMs = 60_000

type Parts = {
  env: Env
  store: StoreThread
  log: Logger
  now: () => number
  /** files of a build are known now: it may be placed */
  onResolved?: () => void
}
type Failure = { trouble: Trouble; retryMs: number | null; times: number }

/**
 * The model files that the hub fetched once, for all of its devices. Invariants:
 *
 * - What the source says of a file is recorded before its first byte is fetched, and a file that differs from it is never fetched.
 * - That a build is wanted is in the database before anybody is told so: a hub that was killed goes on by itself.
 * - One build is fetched at a time. Everything that is listed and not whole is fetched until it is.
 * - Nothing that the assignment of a device needs is given up for room.
 */
export class Mirror {
  readonly transfers: Transfers
  #artifacts: ArtifactStore
  #files: CheckedFiles
  #failures = new Map<string, Failure>()
  /** by sha256: when that was last noted */
  #usedMs = new Map<string, number>()
  #fetching: { build: string; progress: Progress | null } | null = null
  #stopping = new AbortController()
  #running: Promise<void> | null = null
  #again = false
  #timer: NodeJS.Timeout

  constructor(private parts: Parts) {
    const { env } = parts
    this.transfers = new Transfers(env.TRADEWIND_MIRROR_TRANSFERS)
    this.#artifacts = ArtifactStore.open(path.join(env.TRADEWIND_DATA, 'mirror'), { freeBytes: this.#freeBytes })
    this.#files = new CheckedFiles((sha256) => this.#artifacts.pathOf({ sha256 }))
    this.#timer = setInterval(() => this.look(), lookEveryMs)
    this.#timer.unref()
    this.look()
  }

  /** By the budget and by the disk, of which the store keeps its own reserve. */
  #freeBytes = async (folder: string) => {
    const { TRADEWIND_MIRROR_BYTES: budget, TRADEWIND_MIRROR_RESERVE_BYTES: reserve } = this.parts.env
    const [disk, used] = await Promise.all([freeBytesAt(folder), this.#artifacts.usedBytes()])
    return Math.max(0, Math.min(disk - reserve, budget - used)) + reserveBytes
  }

  get #source() {
    const { TRADEWIND_MODEL_SOURCE: url, HF_TOKEN: token } = this.parts.env
    return { url, ...(token && { token }) }
  }

  /**
   * Resolves the files of a build, and has them fetched unless `resolveOnly`. Throws an `ArtifactError` when the build is unknown,
   * the source fails, or says other than was recorded.
   */
  async add(id: string, { actor, resolveOnly }: { actor: string; resolveOnly: boolean }): Promise<MirrorAdded> {
    const build = await this.#resolve(id, actor)
    const files = build.files.map(({ repository, path, commit, bytes, sha256 }) => ({
      ...{ repository, path, bytes, sha256 },
      commit: commit ?? '',
    }))
    if (resolveOnly) return { build: id, files, mirrored: null }
    await this.parts.store.wantBuild(id, actor)
    this.#failures.delete(id)
    this.look()
    const { builds } = await this.read()
    return { build: id, files, mirrored: builds.find(({ build }) => build === id) ?? null }
  }

  /** Asks the source when anything is not known or not here; else there is nothing that could be fetched wrongly. */
  async #resolve(id: string, actor: string): Promise<ResolvedBuild> {
    const { store } = this.parts
    const known = (await store.catalogue()).builds.find((build) => build.id === id)
    if (!known) return fail('build-unknown', { build: id })
    const complete = ResolvedBuild.safeParse(known)
    if (complete.success && (await this.#artifacts.has(complete.data))) return complete.data
    const build = await this.#asked(known)
    const found = build.files.map(({ repository, path, commit, bytes, sha256 }) => ({
      ...{ repository, path, bytes, sha256 },
      commit: commit ?? '',
    }))
    const differs = await store.recordFiles(id, found, actor)
    if (!differs) this.parts.onResolved?.()
    if (!differs) return build
    const { repository, path } = differs.found
    return fail('source-differs', {
      path: `${repository}/${path}`,
      known: pinWords(differs.known),
      found: pinWords(differs.found),
    })
  }

  async #asked(build: Parameters<typeof resolveBuild>[0]): Promise<ResolvedBuild> {
    const late = AbortSignal.timeout(resolveMs)
    try {
      return await resolveBuild(build, this.#source, AbortSignal.any([late, this.#stopping.signal]))
    } catch (error) {
      return late.aborted ? fail('source-stalled', { idleMs: resolveMs }) : Promise.reject(error)
    }
  }

  async read(): Promise<MirrorReply> {
    const { env, store } = this.parts
    const [listed, targets, assigned] = await Promise.all([
      this.#artifacts.list(),
      this.#targets(),
      store.assignedBuilds(),
    ])
    const devicesOf = (id: string) =>
      assigned.filter(({ build }) => build.id === id).reduce((sum, { devices }) => sum + devices, 0)
    const unlisted = targets.filter(({ id }) => !listed.some(({ build }) => build.id === id))
    const [usedBytes, freeBytes] = await Promise.all([
      this.#artifacts.usedBytes(),
      this.#freeBytes(this.#artifacts.folder),
    ])
    return {
      mode: env.TRADEWIND_MIRROR,
      source: new URL(env.TRADEWIND_MODEL_SOURCE).host,
      usedBytes,
      budgetBytes: env.TRADEWIND_MIRROR_BYTES,
      roomBytes: freeBytes - reserveBytes,
      transfers: this.transfers.count,
      builds: [
        ...listed.map((one) => this.#mirrored(one.build, one, devicesOf(one.build.id))),
        ...unlisted.map((build) => this.#mirrored(build, null, devicesOf(build.id))),
      ],
    }
  }

  #mirrored(build: ResolvedBuild, listed: Listed | null, devices: number): Mirrored {
    const failure = this.#failures.get(build.id)
    const fetching = this.#fetching?.build === build.id ? this.#fetching : null
    const isWhole = listed?.broken.length === 0
    return {
      build: build.id,
      bytes: bytesOf(build),
      hereBytes: isWhole ? bytesOf(build) : (listed?.hereBytes ?? 0),
      state: fetching ? 'fetching' : isWhole ? 'whole' : failure ? 'failed' : 'waiting',
      devices,
      lastUsedMs: listed?.lastUsedMs ?? null,
      progress: fetching?.progress ?? null,
      trouble:
        failure && !isWhole && !fetching
          ? { code: mirrorCode(failure.trouble), ...mirrorWords(failure.trouble), retryMs: failure.retryMs }
          : null,
    }
  }

  /** Gives up all that no assignment needs. Throws `store-busy` while something is fetched. */
  async prune(actor: string): Promise<MirrorPruned> {
    const { store } = this.parts
    const needed = (await store.assignedBuilds()).map(({ build }) => build)
    const isNeeded = (id: string) => needed.some((build) => build.id === id)
    const pruned = await this.#artifacts.prune(needed)
    const wanted = (await store.wantedBuilds()).filter((id) => !isNeeded(id))
    await store.unwantBuilds([...new Set([...pruned.removed, ...wanted])], actor)
    return pruned
  }

  /** A file, whole and checked. `unknown`: the hub never heard of it; `missing`: it did, and does not have it. */
  async open(sha256: string): Promise<Opened | { kind: 'unknown' }> {
    const opened = await this.#files.open(sha256)
    if (opened.kind === 'file') await this.#used(sha256)
    if (opened.kind === 'corrupt') {
      this.parts.log.error({ sha256 }, 'a mirrored file was damaged: it was deleted and is fetched again')
      this.look()
    }
    return opened.kind === 'missing' && !(await this.#isKnown(sha256)) ? { kind: 'unknown' } : opened
  }

  /** Its builds are given up later; a minute more or less is not worth a look at the disk for each part that is sent. */
  async #used(sha256: string) {
    const nowMs = performance.now()
    if (nowMs - (this.#usedMs.get(sha256) ?? Number.NEGATIVE_INFINITY) < minuteMs) return
    this.#usedMs.set(sha256, nowMs)
    for (const { build } of await this.#artifacts.list())
      if (build.files.some((file) => file.sha256 === sha256)) await this.#artifacts.used(build.id)
  }

  async #isKnown(sha256: string): Promise<boolean> {
    const { store } = this.parts
    if ((await store.recordedFiles()).some((file) => file.sha256 === sha256)) return true
    return (await store.assignedBuilds()).some(({ build }) => build.files.some((file) => file.sha256 === sha256))
  }

  /** Something may be to fetch now; it also looks by itself. */
  look() {
    this.#again = true
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
  }

  async #run() {
    while (this.#again && !this.#stopping.signal.aborted) {
      this.#again = false
      try {
        for (const build of await this.#targets()) if (await this.#isDue(build)) await this.#fetch(build)
      } catch (error) {
        this.parts.log.error({ error: (error as Error).message }, 'the mirror could not look for what to fetch')
      }
    }
  }

  /** What should be whole: what people want, what was begun or damaged, and with `auto` what is assigned. */
  async #targets(): Promise<ResolvedBuild[]> {
    const { env, store } = this.parts
    const [wanted, listed, { builds }] = await Promise.all([
      store.wantedBuilds(),
      this.#artifacts.list(),
      store.catalogue(),
    ])
    const known = builds.filter(({ id }) => wanted.includes(id)).flatMap((build) => resolvedOf(build))
    const broken = listed.filter((one) => one.broken.length > 0).map(({ build }) => build)
    const assigned = env.TRADEWIND_MIRROR === 'auto' ? (await store.assignedBuilds()).map(({ build }) => build) : []
    const byId = new Map([...assigned, ...broken, ...known].map((build) => [build.id, build]))
    return [...byId.values()]
  }

  async #isDue(build: ResolvedBuild): Promise<boolean> {
    const failure = this.#failures.get(build.id)
    const isPutOff = failure && (failure.retryMs === null || failure.retryMs > this.parts.now())
    return !isPutOff && !this.#stopping.signal.aborted && !(await this.#artifacts.has(build))
  }

  async #fetch(build: ResolvedBuild) {
    const { log } = this.parts
    const source = huggingFace(this.#source)
    const fetching = { build: build.id, progress: null as Progress | null }
    this.#fetching = fetching
    try {
      await this.#makeRoomFor(build)
      const onProgress = (progress: Progress) => {
        fetching.progress = progress
      }
      await this.#artifacts.fetch(build, { sources: [source], signal: this.#stopping.signal, onProgress })
      await Promise.all(build.files.map(({ sha256 }) => this.#files.trust(sha256)))
      this.#failures.delete(build.id)
      log.info({ build: build.id, bytes: bytesOf(build) }, 'mirrored')
    } catch (error) {
      this.#failed(build.id, error)
    } finally {
      this.#fetching = null
      await source.close()
    }
  }

  async #makeRoomFor(build: ResolvedBuild) {
    const { log, store } = this.parts
    const assigned = (await store.assignedBuilds()).map(({ build }) => build)
    const { needBytes } = await this.#artifacts.roomFor(build)
    const { removed, freedBytes } = await this.#artifacts.makeRoom(needBytes, [build, ...assigned])
    if (removed.length === 0) return
    await store.unwantBuilds(removed, 'hub')
    log.info({ removed, freedBytes, for: build.id }, 'given up for room')
  }

  /** What is no fault of ours but passes is tried again, ever later; what does not pass waits for a person. */
  #failed(id: string, error: unknown) {
    if (this.#stopping.signal.aborted) return
    if (!(error instanceof ArtifactError)) throw error
    const { trouble } = error
    const times = (this.#failures.get(id)?.times ?? 0) + 1
    const passes = consequenceOf(trouble) === 'again' || passing.includes(trouble.code)
    const retryMs = passes ? this.parts.now() + Math.min(60, 2 ** (times - 1)) * minuteMs : null
    this.#failures.set(id, { trouble, retryMs, times })
    this.parts.log.warn({ build: id, ...trouble }, 'not mirrored')
  }

  async close() {
    clearInterval(this.#timer)
    this.#stopping.abort()
    await this.#running
  }
}

/** Of the store: somebody may make room, or be through. */
const passing: Trouble['code'][] = ['disk-short', 'disk-full', 'store-busy']

function resolvedOf(build: unknown): ResolvedBuild[] {
  const parsed = ResolvedBuild.safeParse(build)
  return parsed.success ? [parsed.data] : []
}

import path from 'node:path'
import type { Progress } from '@tradewind/artifacts/progress'
import { type Observed, plan, retryAt, type Target } from '@tradewind/fleet'
import type { Assignment, Desired, DeviceEvent, Reported, Seeking, SmokeResult, StepName } from '@tradewind/protocol'
import type { Logger } from 'pino'
import type { Enrolled } from '../identity/identity'
import { readAssignment } from './assignment'
import { type Deed, executors } from './executors'
import { type Applied, type KeptFailure, Records, type Trying } from './records'
import { SeekError, seekErrorOf, short } from './seek-error'
import { SmokeClips } from './smoke-clips'

/** What seeking needs of the hub, once there is one. */
export type HubHere = {
  fetchClip: Deed['fetchClip']
  say: Deed['say']
  /** what `report` gives has changed */
  sayReported: () => void
}

export type SeekerParts = Pick<Deed, 'store' | 'stage' | 'sources' | 'knownClip' | 'hearClip'> & {
  folder: string
  enrolled: () => Promise<Enrolled | null>
  log: Logger
  now: () => number
  /** waits, or less when the signal aborts */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  random: () => number
}

export type SeekReport = Pick<Reported, 'revisionApplied' | 'restart' | 'failure' | 'seeking' | 'smoke' | 'holds'> & {
  revisionSeen: number
}

/** Uplink is dear: how far a download is, is told so often at most. */
const tellEveryMs = 2_000
/** A revision that was started so often and neither passed nor failed took the agent down with it. */
const mostStarts = 5
const mostEventsKept = 32

/**
 * Seeks what was assigned. Invariants:
 *
 * - One loop, one step at a time; before each step everything is observed anew and planned anew.
 * - An assignment is followed only if the enrolled hub signed it for this device and it is not older than what was followed, and
 *   only once it is on the disk. One that is refused changes nothing.
 * - A new assignment aborts the step that runs, and the loop goes on with the new one; nothing else does but `close`.
 * - A revision counts as applied only when that is on the disk. A kill at any moment leaves a state from which `plan` goes on.
 * - No loss of contact ends anything: the loop is not told of it.
 */
export class Seeker {
  #records: Records
  #clips: SmokeClips
  #wanted: Assignment | null = null
  #applied: Applied | null = null
  #trying: Trying | null = null
  #verified: string | null = null
  #passedRevision: number | null = null
  #refused: { revision: number; code: string } | null = null
  #hub: HubHere | null = null
  #events: Parameters<HubHere['say']>[] = []
  #seeking: Seeking | undefined
  #smoke: SmokeResult | undefined
  #holds: string[] | undefined
  #toldAt = 0
  #leaving = new AbortController()
  #renewed = new AbortController()
  #isRead: Promise<void> | null = null
  #running: Promise<void> = Promise.resolve()
  #accepting: Promise<void> = Promise.resolve()

  constructor(private parts: SeekerParts) {
    this.#records = new Records(parts.folder, parts.log)
    this.#clips = new SmokeClips(path.join(parts.folder, 'smoke-clips'))
  }

  /** Whether an assignment decides what is served here. Known once `read` has resolved. */
  get rules() {
    return this.#wanted !== null || this.#applied !== null
  }

  /** Reads what was assigned and applied before. */
  read(): Promise<void> {
    this.#isRead ??= this.#read()
    return this.#isRead
  }

  async start(): Promise<void> {
    await this.read()
    if (this.#leaving.signal.aborted) return
    this.#running = this.#run()
  }

  async close(): Promise<void> {
    this.#leaving.abort()
    await this.#running
  }

  connect(hub: HubHere) {
    this.#hub = hub
    for (const event of this.#events.splice(0)) hub.say(...event)
  }

  /** Takes what the hub desires, one after the other. Never rejects: what is refused is told. */
  accept(desired: Desired): Promise<void> {
    this.#accepting = this.#accepting
      .then(() => this.#accept(desired))
      .catch((error) => this.parts.log.error({ code: error.code ?? 'failed' }, error.message))
    return this.#accepting
  }

  async #accept({ assignment: jws, revision }: Desired): Promise<void> {
    await this.read()
    if (jws === undefined || revision === this.#wanted?.revision) return
    const enrolled = await this.parts.enrolled()
    const read = enrolled ? await readAssignment(jws, enrolled) : ({ ok: false, code: 'unsigned' } as const)
    if (!read.ok) return this.#refuse(revision, read.code)
    const { assignment } = read
    if (assignment.revision !== revision) return this.#refuse(revision, 'other-revision')
    if (revision < this.#newest()) return this.#refuse(revision, 'older')
    if (revision === this.#wanted?.revision) return
    // on a disk that cannot be written it is followed all the same: the hub says it again after a restart
    await this.#records.saveAssigned(jws).catch((error) => this.#unkept(error))
    this.#refused = null
    this.#want(assignment)
    this.parts.log.info({ revision, build: assignment.build.id }, 'a build is assigned')
  }

  report(): SeekReport {
    const { applied = null } = this.#applied ?? {}
    const refused = this.#refused && { code: 'assignment-refused', detail: this.#refused.code }
    const failure = applied?.revision === this.#wanted?.revision ? null : (this.#failure()?.failure ?? null)
    return {
      revisionSeen: Math.max(this.#newest(), this.#refused?.revision ?? 0),
      revisionApplied: applied?.revision ?? 0,
      failure: refused ?? (failure && { code: failure.code, detail: failure.says.slice(0, 300) }),
      ...(applied && { restart: applied.restart }),
      ...(this.#seeking && { seeking: this.#seeking }),
      ...(this.#smoke && { smoke: this.#smoke }),
      ...(this.#holds && { holds: this.#holds }),
    }
  }

  async #read(): Promise<void> {
    const [jws, enrolled] = await Promise.all([this.#records.assigned(), this.parts.enrolled()])
    this.#applied = await this.#records.applied()
    this.#trying = await this.#records.trying()
    const read = jws !== null && enrolled ? await readAssignment(jws, enrolled) : null
    if (read?.ok && read.assignment.revision >= (this.#applied?.applied.revision ?? 0)) this.#wanted = read.assignment
  }

  #newest = () => Math.max(this.#wanted?.revision ?? 0, this.#applied?.applied.revision ?? 0)

  #want(assignment: Assignment) {
    this.#wanted = assignment
    this.#renewed.abort()
  }

  #refuse(revision: number, code: string) {
    if (this.#refused?.revision === revision && this.#refused.code === code) return
    this.parts.log.error({ code, revision }, 'an assignment was refused')
    this.#refused = { revision, code }
    this.#say('assignment-refused', { revision, code })
    this.#tell()
  }

  async #run(): Promise<void> {
    while (!this.#leaving.signal.aborted) {
      this.#renewed = new AbortController()
      const signal = AbortSignal.any([this.#leaving.signal, this.#renewed.signal])
      const wanted = this.#wanted
      try {
        const waitMs = wanted ? await this.#pursue(wanted, signal) : await this.#serveApplied()
        await this.parts.sleep(waitMs, signal)
      } catch (error) {
        if (signal.aborted) continue
        // not of a step: what is on the disk could not be looked at
        this.parts.log.error({ code: seekErrorOf(error).code }, (error as Error).message)
        await this.parts.sleep(tellEveryMs, signal)
      }
    }
  }

  /** One step after the other; returns for how long there is nothing to do, in milliseconds. */
  async #pursue(wanted: Assignment, signal: AbortSignal): Promise<number> {
    for (;;) {
      signal.throwIfAborted()
      const now = this.parts.now()
      const made = plan(wanted, await this.#observe(wanted), now)
      if (made.is === 'steps') {
        await this.#do(made.steps[0], wanted, signal)
        continue
      }
      this.#now(wanted, made.is, null)
      this.#tell()
      return made.is === 'blocked' && made.retryAt !== null ? made.retryAt - now : forLong
    }
  }

  /** The assignment cannot be read, and the hub is yet to say it again. */
  async #serveApplied(): Promise<number> {
    const { stage } = this.parts
    if (this.#applied && stage.holds === null) await stage.hold(this.#applied.applied).catch(() => {})
    return forLong
  }

  async #observe(wanted: Assignment): Promise<Observed> {
    const { store, stage } = this.parts
    const { state } = stage.engine
    const [isHere, room, clipBytes, listed, hasOwnChoice] = await Promise.all([
      store.has(wanted.build),
      store.roomFor(wanted.build),
      this.#clips.missingBytes(wanted.smoke.clips),
      store.list(),
      stage.hasOwnChoice(wanted.build.id),
    ])
    this.#holds = wholeFiles(listed)
    const isApplied = this.#applied?.applied.revision === wanted.revision
    const isReady = state.is === 'ready'
    if (!isReady || stage.holds !== wanted.revision) this.#passedRevision = null
    return {
      applied: this.#applied?.applied ?? null,
      holds: stage.holds,
      isReady,
      hasOwnChoice,
      missingBytes: (isHere ? 0 : Math.max(1, room.needBytes)) + (isApplied ? 0 : clipBytes),
      roomBytes: room.haveBytes,
      isVerified: isHere && this.#verified === fingerprint(wanted),
      hasPassed: this.#passedRevision === wanted.revision,
      failure: this.#failure()?.failure ?? null,
    }
  }

  #failure = () => (this.#trying?.revision === this.#wanted?.revision ? this.#trying : null)

  async #do(step: StepName, wanted: Assignment, signal: AbortSignal): Promise<void> {
    this.parts.log.info({ step, revision: wanted.revision, build: wanted.build.id }, 'step')
    this.#now(wanted, 'working', step)
    this.#tell()
    try {
      await executors[step](this.#deed(wanted, signal))
      if (step === 'smoke-test') this.#passedRevision = wanted.revision
    } catch (error) {
      if (signal.aborted) throw error
      await this.#failed(step, wanted, error)
    }
  }

  #deed(wanted: Assignment, signal: AbortSignal): Deed {
    const { store, stage, sources, knownClip, hearClip } = this.parts
    const { applied = null, previous = null } = this.#applied ?? {}
    return {
      ...{ store, stage, sources, knownClip, hearClip, signal, wanted },
      applied: this.#applied,
      clips: this.#clips,
      keep: [wanted, applied, previous].flatMap((one) => (one ? [one.build] : [])),
      fetchClip: this.#hub?.fetchClip ?? null,
      failure: this.#failure()?.failure ?? null,
      onProgress: (progress) => this.#progress(progress),
      onVerified: () => {
        this.#verified = fingerprint(wanted)
      },
      onSmoke: (result) => {
        this.#smoke = result
      },
      beforeStart: () => this.#countStart(wanted),
      commit: async (applied) => {
        await this.#records.saveApplied(applied)
        this.#applied = applied
      },
      say: (code, detail) => this.#say(code, detail),
    }
  }

  /** What is not applied is started only so often: it may be what takes the device down. Throws `came-down`. */
  async #countStart(wanted: Assignment) {
    if (this.#applied?.applied.revision === wanted.revision) return
    const before = this.#tries(wanted)
    if (before.starts >= mostStarts)
      throw new SeekError('came-down', `${before.starts} starts ended without a word`, { starts: before.starts })
    await this.#keepTrying({ ...before, starts: before.starts + 1, failure: null })
  }

  async #failed(step: StepName, wanted: Assignment, error: unknown) {
    const { code, message, detail, leastMs } = seekErrorOf(error)
    const { now, random, log } = this.parts
    const before = this.#tries(wanted)
    const failures = before.failures + 1
    const failure: KeptFailure = {
      ...{ code, says: message, detail: short({ step, ...detail }) },
      retryAt: retryAt(code, failures, now(), random(), leastMs),
    }
    log.error({ step, revision: wanted.revision, ...failure }, 'a step came to nothing')
    // it failed in good order: only starts that end without a word add up
    await this.#keepTrying({ revision: wanted.revision, starts: 0, failures, failure })
  }

  #tries = ({ revision }: Assignment): Trying =>
    this.#trying?.revision === revision ? this.#trying : { revision, starts: 0, failures: 0, failure: null }

  async #keepTrying(trying: Trying) {
    this.#trying = trying
    await this.#records.saveTrying(trying).catch((error) => this.#unkept(error))
  }

  #unkept = (error: NodeJS.ErrnoException) =>
    this.parts.log.error({ code: error.code }, 'what was assigned could not be kept')

  #now({ revision, build }: Assignment, is: Seeking['is'], step: StepName | null) {
    const failure = this.#failure()?.failure ?? null
    const reason =
      failure && is !== 'converged' ? { code: failure.code, retryAt: failure.retryAt, detail: failure.detail } : null
    this.#seeking = { is, revision, build: build.id, step, since: this.parts.now(), reason }
  }

  #progress({ doneBytes, totalBytes, bytesPerSecond, etaSeconds }: Progress) {
    if (!this.#seeking) return
    const progress = {
      ...{ doneBytes, totalBytes, bytesPerSecond },
      etaMs: etaSeconds === null ? null : Math.round(etaSeconds * 1000),
    }
    this.#seeking = { ...this.#seeking, progress }
    if (this.parts.now() - this.#toldAt >= tellEveryMs) this.#tell()
  }

  #tell() {
    this.#toldAt = this.parts.now()
    this.#hub?.sayReported()
  }

  #say(code: DeviceEvent['code'], detail: DeviceEvent['detail']) {
    if (this.#hub) this.#hub.say(code, detail)
    else if (this.#events.length < mostEventsKept) this.#events.push([code, detail])
  }
}

/** Longer than any timer: until something new is assigned. */
const forLong = 2 ** 31 - 1

const fingerprint = ({ build }: Pick<Target, 'build'>) => build.files.map(({ sha256 }) => sha256).join()

function wholeFiles(listed: Awaited<ReturnType<Deed['store']['list']>>): string[] {
  const whole = listed.flatMap(({ build, broken }) =>
    build.files.filter(({ path }) => !broken.some((one) => one.path === path)).map(({ sha256 }) => sha256),
  )
  return [...new Set(whole)].slice(0, 64)
}

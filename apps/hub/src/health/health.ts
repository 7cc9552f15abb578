import { type HealthProblem, healthEvents } from '@tradewind/fleet'
import type { IngestGroup, ProblemChanges, StoreThread } from '@tradewind/store'
import type { Logger } from 'pino'
import type { Device, Roster } from '../admission/roster'
import type { Feed } from '../feed'
import { breathMs } from '../keep-house'
import { changesOf } from './changes'
import { judge, noVitals, takeSamples, type Vitals } from './vitals'

/** News come in groups: they are looked at together, so often at most. */
const lookEveryMs = 1_000
/** How often all devices are looked at, because samples have come and time has passed. */
const everyoneEveryMs = 30_000
const restAfterFailureMs = 10_000
/** Devices that are read, judged and stored before everything else has its turn. */
const slice = 200

/**
 * Keeps the problems of every device as they are, in rounds off the path of what devices say. Invariants:
 * - what was found counts once it is stored: a round that fails is done again, from what was stored before;
 * - the store is read only for devices of which it holds something new; samples are heard as they are stored;
 * - after a restart it begins with the problems that are stored, and what is not known yet ends none of them.
 */
export class Health {
  #vitals = new Map<string, Vitals>()
  /** devices of which the store holds what we have not read */
  #stale = new Set<string>()
  #isLoaded = false
  #everyoneAtMs = Number.NEGATIVE_INFINITY
  #restUntilMs = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #isClosed = false

  constructor(private parts: { store: StoreThread; roster: Roster; feed: Feed; log: Logger; now: () => number }) {}

  open() {
    this.#timer = setInterval(() => void this.look(), lookEveryMs)
  }

  async close() {
    this.#isClosed = true
    if (this.#timer) clearInterval(this.#timer)
    await this.#running
  }

  /** What devices said and what was seen of them, once it is stored. */
  hear({ batches, presences, reports, reported, measured, events }: IngestGroup) {
    const { roster, now } = this.parts
    for (const { device, samples } of batches) {
      const deviceId = roster.byNum(device)?.deviceId
      if (deviceId) takeSamples(this.#of(deviceId), samples, now())
    }
    for (const { deviceId } of [...presences, ...reports, ...reported, ...measured]) this.#stale.add(deviceId)
    for (const { deviceId, code } of events) if (deviceId && telling.has(code)) this.#stale.add(deviceId)
  }

  /** Looks at whoever needs it now; never twice at once. A failure is logged, and rested from. */
  look(): Promise<void> {
    const nowMs = this.parts.now()
    const isDue = nowMs >= this.#everyoneAtMs + everyoneEveryMs
    const isIdle = this.#stale.size === 0 && !isDue
    if (this.#isClosed || isIdle || nowMs < this.#restUntilMs) return Promise.resolve()
    this.#running ??= this.#round(isDue)
      .catch((error: Error) => {
        this.parts.log.error({ error: error.message }, 'a round of health failed')
        this.#restUntilMs = this.parts.now() + restAfterFailureMs
      })
      .finally(() => {
        this.#running = null
      })
    return this.#running
  }

  async #round(everyone: boolean) {
    const { roster, now } = this.parts
    if (!this.#isLoaded) await this.#load()
    const ids = everyone ? roster.all().map(({ deviceId }) => deviceId) : [...this.#stale]
    for (let i = 0; i < ids.length && !this.#isClosed; i += slice) {
      if (i > 0) await pause(breathMs)
      await this.#visit(ids.slice(i, i + slice).flatMap((id) => roster.get(id) ?? []))
    }
    if (everyone) this.#everyoneAtMs = now()
  }

  async #load() {
    for (const { deviceId, ...problem } of await this.parts.store.openProblems())
      this.#of(deviceId).problems.push(problem)
    this.#isLoaded = true
  }

  async #visit(devices: Device[]) {
    const { store, feed, now } = this.parts
    const unread = devices.filter((device) => this.#isStale(device)).map(({ deviceId }) => deviceId)
    for (const { deviceId } of devices) this.#stale.delete(deviceId) // what comes from now on makes it stale again
    await this.#read(unread)
    const nowMs = now()
    const changes: ProblemChanges = { nowMs, begun: [], changed: [], ended: [] }
    const found = new Map<Vitals, HealthProblem[]>()
    for (const device of devices) {
      const vitals = this.#of(device.deviceId)
      const problems = judge(vitals, device, nowMs)
      const { begun, changed, ended } = changesOf(device.deviceId, vitals.problems, problems, nowMs)
      if (begun.length + changed.length + ended.length === 0) continue
      found.set(vitals, problems)
      changes.begun.push(...begun)
      changes.changed.push(...changed)
      changes.ended.push(...ended)
    }
    if (found.size === 0) return
    await store.keepProblems(changes)
    for (const [vitals, problems] of found) vitals.problems = problems
    const news = [...changes.begun, ...changes.changed, ...changes.ended].map(({ deviceId }) => deviceId)
    feed.say({ kind: 'problems', data: { deviceIds: [...new Set(news)] } })
  }

  /** What was assigned is not heard: the roster knows of it. */
  #isStale({ deviceId, assignedRevision, revoked }: Device): boolean {
    const { source } = this.#of(deviceId)
    const isBehind = source?.assignment?.assignedRevision !== assignedRevision
    return !revoked && (this.#stale.has(deviceId) || source === null || isBehind)
  }

  async #read(ids: string[]) {
    if (ids.length === 0) return
    try {
      for (const source of await this.parts.store.healthSources(ids)) this.#of(source.deviceId).source = source
    } catch (error) {
      for (const id of ids) this.#stale.add(id)
      throw error
    }
  }

  #of(deviceId: string): Vitals {
    const known = this.#vitals.get(deviceId) ?? noVitals()
    this.#vitals.set(deviceId, known)
    return known
  }
}

const telling = new Set<string>(healthEvents)

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

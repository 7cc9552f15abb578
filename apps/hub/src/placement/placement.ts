import { RolloutPlan } from '@tradewind/protocol'
import type { IngestGroup, PlacedDevice, StoreThread, WorkloadRow } from '@tradewind/store'
import type { Logger } from 'pino'
import type { Assigner } from '../assignment/assigner'
import type { Feed } from '../feed'
import { breathMs } from '../keep-house'
import type { Rollouts, Wanted } from '../rollout/rollouts'
import type { Known } from './known'
import { arrivalOf, isChanging, type Verdict, verdictOf, wantedOf } from './verdict'
import type { World } from './world'

/** News come in groups: a round waits so long for the rest of them. */
const debounceMs = 1_000
const againAfterFailureMs = 10_000
/** Devices that are read and decided for before everything else has its turn. */
const slice = 200

/**
 * Decides for every device of which something has changed, in rounds off the path of what devices say. Invariants:
 * - only a device that was never assigned anything is assigned something here, and only by a workload that does not go
 *   through the fleet in waves; the others get proposals;
 * - a device that comes under a workload of which a rollout is under way joins it, and gets neither;
 * - a changed workload becomes one rollout, after all devices were looked at, and only then counts as placed;
 * - a round that fails is done again: it starts from what is stored, never from what it remembers.
 */
export class Placement {
  #everything = true // while the hub was away anything may have changed
  #dirty = new Set<string>()
  #dirtyClasses = new Set<string>()
  #reportedAt = new Map<string, number>()
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #isClosed = false

  constructor(
    private parts: {
      store: StoreThread
      world: World
      assigner: Assigner
      rollouts: Rollouts
      feed: Feed
      log: Logger
      now: () => number
    },
  ) {}

  touch({ everything = false, deviceIds = [] }: { everything?: boolean; deviceIds?: Iterable<string> }) {
    this.#everything ||= everything
    for (const id of deviceIds) this.#dirty.add(id)
    this.#schedule(debounceMs)
  }

  /** Somebody may have written something: whether it bears on placement is seen when it is read. */
  look() {
    this.parts.world
      .fresh()
      .catch((error: Error) => this.parts.log.error({ error: error.message }, 'placement cannot look'))
  }

  /** What devices said, once it is stored. A report is said again with every connection: only a new one counts. */
  hear(group: IngestGroup) {
    for (const deviceClass of this.parts.world.hear(group)) this.#dirtyClasses.add(deviceClass)
    const deviceIds = group.reports.flatMap(({ deviceId, report: { at } }) => {
      if (this.#reportedAt.get(deviceId) === at) return []
      this.#reportedAt.set(deviceId, at)
      return [deviceId]
    })
    if (deviceIds.length > 0 || this.#dirtyClasses.size > 0) this.touch({ deviceIds })
  }

  async close() {
    this.#isClosed = true
    if (this.#timer) clearTimeout(this.#timer)
    await this.#running
  }

  #schedule(afterMs: number) {
    if (this.#timer || this.#running || this.#isClosed) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#running = this.#round().then((ok) => {
        this.#running = null
        if (this.#isDirty()) this.#schedule(ok ? debounceMs : againAfterFailureMs)
      })
    }, afterMs)
  }

  #isDirty = () => this.#everything || this.#dirty.size > 0 || this.#dirtyClasses.size > 0

  async #round(): Promise<boolean> {
    const { store, world, log } = this.parts
    try {
      const known = await world.fresh() // may touch more, which then belongs to this round
      const changed = known.workloads.filter(isChanging)
      const everything = this.#everything || changed.length > 0
      const [dirty, classes] = [this.#dirty, this.#dirtyClasses]
      this.#everything = false
      this.#dirty = new Set()
      this.#dirtyClasses = new Set()
      const ids = everything
        ? await store.placedIds()
        : [...dirty, ...(classes.size ? await store.placedIds([...classes]) : [])]
      const targets = await this.#decide(known, [...new Set(ids)])
      if (this.#isClosed) return false
      let isDone = true
      for (const row of changed) isDone = (await this.#rollOut(row, targets.get(row.id) ?? [])) && isDone
      this.#everything ||= !isDone
      return isDone
    } catch (error) {
      log.error({ error: (error as Error).message }, 'a round of placement failed')
      this.#everything = true
      return false
    }
  }

  /** Decides slice by slice; returns the devices that workloads which have changed want otherwise. */
  async #decide(known: Known, ids: string[]): Promise<Map<string, Wanted[]>> {
    const { store } = this.parts
    const targets = new Map<string, Wanted[]>()
    for (let i = 0; i < ids.length && !this.#isClosed; i += slice) {
      if (i > 0) await pause(breathMs)
      const devices = await store.placedDevices(ids.slice(i, i + slice))
      for (const { row, target } of await this.#follow(known, devices))
        targets.set(row.id, [...(targets.get(row.id) ?? []), target])
    }
    return targets
  }

  async #follow(known: Known, devices: PlacedDevice[]) {
    const { store, assigner, rollouts, feed, now } = this.parts
    const all = devices.map((device) => ({ device, verdict: verdictOf(known, device) }))
    const joined = await this.#join(all)
    const verdicts = all.flatMap(({ device, verdict }) => (joined.has(device.id) ? [] : [verdict]))
    const isFree = (verdict: Verdict) => {
      const wanted = wantedOf(verdict)
      return wanted && !isChanging(wanted.row) && !rollouts.isWaiting(wanted.target.deviceId)
    }
    const free = verdicts.filter(isFree)
    const isNews = await store.keepFindings({
      atMs: now(),
      looked: devices.map(({ id }) => id),
      proposed: free.flatMap((verdict) => (verdict.kind === 'other' ? [verdict.proposal] : [])),
      unplaced: verdicts.flatMap((verdict) => (verdict.kind === 'unplaced' ? [verdict.trouble] : [])),
    })
    if (isNews) feed.say({ kind: 'proposals', data: {} })
    const first = free.flatMap((verdict) => (verdict.kind === 'first' ? [verdict.change] : []))
    await assigner.make(first, { actor: 'hub', cause: 'first' })
    return verdicts.flatMap((verdict) => wantedOf(verdict) ?? []).filter(({ row }) => isChanging(row))
  }

  /** Late joiners go with the last wave. Returns whom a rollout will tell what to serve. */
  async #join(all: { device: PlacedDevice; verdict: Verdict }[]): Promise<Set<string>> {
    const { rollouts } = this.parts
    const late = new Map<string, Wanted[]>()
    for (const { device, verdict } of all) {
      const arrival = arrivalOf(device, verdict)
      if (!arrival || !rollouts.isUnderWay(arrival.row.id)) continue
      late.set(arrival.row.id, [...(late.get(arrival.row.id) ?? []), arrival.target])
    }
    const joined = new Set<string>()
    for (const [workloadId, targets] of late)
      for (const deviceId of await rollouts.join(workloadId, targets)) joined.add(deviceId)
    return joined
  }

  /** False when it is to be tried again: the others are not held up by it. */
  async #rollOut({ id, version, rolloutPlan, changedBy }: WorkloadRow, targets: Wanted[]): Promise<boolean> {
    const { store, world, rollouts, log } = this.parts
    const about = { workloadId: id, workloadVersion: version }
    try {
      const plan = RolloutPlan.parse(rolloutPlan ?? {})
      if (targets.length > 0) await rollouts.start({ ...about, targets, plan, actor: changedBy })
      await store.workloadPlaced(id, version)
      world.forget()
      return true
    } catch (error) {
      log.error({ ...about, error: (error as Error).message }, 'a changed workload is not rolled out')
      return false
    }
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

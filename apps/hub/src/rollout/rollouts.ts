import { isDeepStrictEqual } from 'node:util'
import { rollouts as machine } from '@tradewind/fleet'
import type { ProblemCode, Rollout, RolloutAct, RolloutPlan, RolloutView } from '@tradewind/protocol'
import { newId, type RolloutNote, type StoreThread } from '@tradewind/store'
import type { Logger } from 'pino'
import type { Roster } from '../admission/roster'
import type { Feed } from '../feed'
import type { Assign } from './assign'
import { noteOf, startNote } from './note'

const lookEveryMs = 1_000

export type Wanted = { deviceId: string; build: string }

export type ActOutcome =
  | { ok: true; rollout: RolloutView }
  | { ok: false; code: ProblemCode; detail?: Record<string, string> }

/**
 * Feeds the machine of fleet with what is so, and does what it says. Invariants:
 * - one thing at a time: looks, acts and starts take turns;
 * - a state is on the disk before its deeds are done, and a deed counts as done when the member's assignment says so: a
 *   hub that is killed in between asks for it again, or finds it done, and tells nobody anything twice;
 * - it looks each second, so that news which got lost costs a second.
 */
export class Rollouts {
  #live = new Map<string, Rollout>()
  /** since when members are connected, as far as this run of the hub knows: time without a hub is time away */
  #hereSince = new Map<string, number>()
  #turn: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #isLooking = false

  constructor(
    private parts: {
      store: StoreThread
      roster: Roster
      feed: Feed
      assign: Assign
      log: Logger
      now: () => number
      /** of a rollout that has ended: whom it never told anything, so that somebody else decides about them again */
      onLeftAlone?: (deviceIds: string[]) => void
    },
  ) {}

  /** Goes on with whatever was under way when the hub ended. */
  async open() {
    for (const rollout of await this.parts.store.liveRollouts()) this.#live.set(rollout.id, rollout)
    this.#timer = setInterval(() => this.look(), lookEveryMs)
  }

  /**
   * Begins a rollout. Devices that are unknown or revoked are left out; members of other rollouts that have not ended
   * leave those, because what was decided last counts. It is on the disk when this resolves; asked for once more, because
   * a hub ended before it had noted that it was made, the answer is the one that is there.
   */
  start(of: {
    workloadId: string | null
    workloadVersion: number | null
    targets: Wanted[]
    plan: RolloutPlan
    actor: string
  }): Promise<{ id: string }> {
    return this.#inTurn(async () => {
      const { store, now } = this.parts
      const { workloadId, workloadVersion, plan, actor } = of
      const begun = this.#liveOf(workloadId)
      if (begun && begun.workloadVersion === workloadVersion && holdsAll(begun, of.targets)) return { id: begun.id }
      const targets = await this.#targetsOf(of.targets)
      const id = newId()
      const rollout = machine.begin({ id, seed: newId(), actor, workloadId, workloadVersion }, targets, plan, now())
      const taken = new Set(targets.map(({ deviceId }) => deviceId))
      for (const other of [...this.#live.values()]) await this.#keep(other, machine.leave(other, taken))
      await store.createRollout(rollout, startNote(rollout))
      this.#live.set(id, rollout)
      this.#tell(rollout)
      return { id }
    }).finally(() => this.look())
  }

  /**
   * Devices that came under the workload meanwhile go with the last wave of its rollout. Returns those that it will tell
   * what to serve, whether they had joined before or not: nobody where none is under way.
   */
  join(workloadId: string, targets: Wanted[]): Promise<ReadonlySet<string>> {
    return this.#inTurn(async () => {
      const rollout = this.#liveOf(workloadId)
      if (!rollout) return new Set<string>()
      const joined = machine.join(rollout, await this.#targetsOf(targets))
      await this.#keep(rollout, joined)
      const asked = new Set(targets.map(({ deviceId }) => deviceId))
      return new Set(untoldOf(joined).filter((deviceId) => asked.has(deviceId)))
    })
  }

  /** Whether devices that come under this workload now are to join. */
  isUnderWay = (workloadId: string): boolean => this.#liveOf(workloadId) !== undefined

  /** Whether a rollout will tell this device what to serve: nothing is proposed to it meanwhile. */
  isWaiting(deviceId: string): boolean {
    return [...this.#live.values()].some(({ members }) =>
      members.some((one) => one.deviceId === deviceId && isUntold(one)),
    )
  }

  /** Of several the newest, which has taken over the members of the others that it concerns. */
  #liveOf = (workloadId: string | null) =>
    [...this.#live.values()].findLast((one) => one.workloadId === workloadId && one.state !== 'rolling-back')

  /** What a person does to a rollout, durable when it resolves. */
  act({ id, act, actor }: { id: string; act: RolloutAct; actor: string }): Promise<ActOutcome> {
    return this.#inTurn(async (): Promise<ActOutcome> => {
      const { store, now } = this.parts
      const rollout = this.#live.get(id) ?? (await store.rolloutState(id))
      if (!rollout) return { ok: false, code: 'not-found', detail: { rollout: id } }
      const next = machine.act(rollout, act, now())
      if (!next) return { ok: false, code: 'conflict', detail: { state: rollout.state } }
      await this.#keep(rollout, next, actor)
      const view = await store.rollout(id)
      return view ? { ok: true, rollout: view } : { ok: false, code: 'not-found' }
    }).finally(() => this.look())
  }

  /** Looks soon at all that is under way. */
  look() {
    if (this.#live.size === 0 || this.#isLooking) return
    this.#isLooking = true
    this.#inTurn(async () => {
      this.#isLooking = false
      for (const rollout of [...this.#live.values()]) await this.#step(rollout)
    }).catch((error: Error) =>
      this.parts.log.error({ error: error.message }, 'a rollout could not go on: trying again'),
    )
  }

  async close() {
    clearInterval(this.#timer)
    await this.#turn
  }

  async #step(rollout: Rollout) {
    const { rollout: next, deeds } = machine.advance(rollout, await this.#observe(rollout.members), this.parts.now())
    await this.#keep(rollout, next)
    if (deeds.length > 0) await this.#do(next, deeds)
  }

  async #do(rollout: Rollout, deeds: machine.Deed[]) {
    const { id, actor, workloadId, workloadVersion } = rollout
    const workload =
      workloadId !== null && workloadVersion !== null ? { id: workloadId, version: workloadVersion } : null
    const changes = deeds.map((deed) => ({
      ...{ deviceId: deed.deviceId, rolloutId: id, build: deed.build, workload },
      backTo: deed.is === 'roll-back' ? deed.revision : null,
    }))
    const cause = rollout.state === 'rolling-back' ? 'roll-back' : 'rollout'
    const { refused } = await this.parts.assign(changes, actor, cause)
    if (refused.length > 0) await this.#keep(rollout, machine.refuse(rollout, refused))
  }

  /** Puts a state on the disk, with what is to be told of it, and only then into memory. */
  async #keep(before: Rollout, after: Rollout, actor: string | null = null) {
    if (isDeepStrictEqual(before, after)) return
    const { store, now } = this.parts
    const note: RolloutNote | null = noteOf(before, after, now(), actor)
    await store.saveRollout(after, now(), note)
    if (machine.hasEnded(after)) this.#live.delete(after.id)
    else this.#live.set(after.id, after)
    this.#tell(after, note)
    if (machine.hasEnded(after)) this.parts.onLeftAlone?.(untoldOf(after))
  }

  #tell({ id, state }: Rollout, note: RolloutNote | null = null) {
    const { feed, log } = this.parts
    if (note) log.info({ rollout: id, ...note.event.detail }, note.event.code)
    if (note) feed.say({ kind: 'event', data: { ...note.event, deviceName: null } })
    feed.say({ kind: 'rollout', data: { rolloutId: id, state } })
  }

  async #targetsOf(wanted: Wanted[]): Promise<machine.Target[]> {
    const seen = await this.#observe(wanted)
    return wanted.flatMap(({ deviceId, build }) => {
      const known = seen.get(deviceId)
      if (!known || known.isRevoked) return []
      const { assigned, speed, hereSince } = known
      const before = assigned && { revision: assigned.made, build: assigned.build }
      return { deviceId, build, before, baseline: speed, isHere: hereSince !== null }
    })
  }

  async #observe(members: Wanted[]): Promise<machine.Observations> {
    const asked = members.map(({ deviceId, build }) => ({ deviceId, build }))
    const stored = await this.parts.store.observeMembers(asked)
    return new Map(stored.map(([id, observation]) => [id, { ...observation, hereSince: this.#since(id) }]))
  }

  #since(deviceId: string): number | null {
    if (!this.parts.roster.get(deviceId)?.isConnected) this.#hereSince.delete(deviceId)
    else if (!this.#hereSince.has(deviceId)) this.#hereSince.set(deviceId, this.parts.now())
    return this.#hereSince.get(deviceId) ?? null
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}

const isUntold = ({ left, told }: Rollout['members'][number]) => left === null && told === null
const untoldOf = ({ members }: Rollout) => members.filter(isUntold).map(({ deviceId }) => deviceId)

const holdsAll = ({ members }: Rollout, targets: Wanted[]) =>
  targets.every(({ deviceId, build }) =>
    members.some((one) => one.deviceId === deviceId && one.build === build && one.left === null),
  )

import type { Refusal } from '@tradewind/fleet'
import type { Assigned, AssignedBy, NewAssignment, StoreThread } from '@tradewind/store'
import type { Roster } from '../admission/roster'
import type { Feed } from '../feed'
import type { World } from '../placement/world'
import { changeOf } from './change'
import type { SignedAssignments } from './signed'

/** What somebody wants a device to serve: this build, or what the decision of the workload says, named by its id. */
export type Wish = { deviceId: string; workload: string | null; build: string | null }
export type By = Omit<AssignedBy, 'atMs'>

/** Why a device gets nothing: the first reason with its numbers, and the others. */
export type RefusedDevice = { deviceId: string; build: string | null; others: Refusal[] } & (
  | Refusal
  | { code: NoDevice }
)
/** `no-report`: it has not told yet what it is, so nothing can be decided for it. */
export type NoDevice = 'device-unknown' | 'device-revoked' | 'no-report' | 'nothing-assigned' | 'no-proposal'
export type Told = Pick<Assigned, 'deviceId' | 'revision'> & { build: string }

/** Devices that are read, decided for, stored and told together: more would hold up the ingest. */
const slice = 500

/**
 * The one way to make assignments. They are durable before anybody is told, numbered by the store, signed, and sent to
 * the devices that are connected; the others find theirs when they come.
 */
export class Assigner {
  constructor(
    private parts: {
      store: StoreThread
      roster: Roster
      world: World
      assignments: SignedAssignments
      tell: (deviceId: string) => void
      feed: Feed
      now: () => number
    },
  ) {}

  /** Decides for each device by itself: a refused one holds up no other. Of two wishes for one the later counts. */
  async consider(wishes: Wish[]): Promise<{ changes: NewAssignment[]; refused: RefusedDevice[] }> {
    const { store, world } = this.parts
    const known = await world.fresh()
    const byId = new Map(wishes.map((wish) => [wish.deviceId, wish]))
    const changes: NewAssignment[] = []
    const refused: RefusedDevice[] = []
    for (const ids of slices([...byId.keys()])) {
      const devices = new Map((await store.placedDevices(ids)).map((device) => [device.id, device]))
      for (const deviceId of ids) {
        const device = devices.get(deviceId)
        const { workload = null, build = null } = byId.get(deviceId) ?? {}
        const result = device && changeOf(known, device, known.workload(workload) ?? null, build)
        if (!result) refused.push({ deviceId, build, code: this.#missing(deviceId), others: [] })
        else if (result.ok) changes.push(result.change)
        else refused.push(refusedDevice(deviceId, result.closest, result.refusals))
      }
    }
    return { changes, refused }
  }

  /** While one slice is signed and told the next is stored. */
  async make(changes: NewAssignment[], by: By): Promise<Told[]> {
    const { store, now } = this.parts
    const telling: Promise<Told[]>[] = []
    for (const some of slices(changes))
      telling.push(awaitedLater(this.#tell(await store.assign(some, { ...by, atMs: now() }))))
    return (await Promise.all(telling)).flat()
  }

  /** Slice by slice, so that the first are told before the last are decided for. */
  async assign(wishes: Wish[], by: By): Promise<{ assigned: Told[]; refused: RefusedDevice[] }> {
    const making: Promise<Told[]>[] = []
    const refused: RefusedDevice[] = []
    const each = new Map(wishes.map((wish) => [wish.deviceId, wish]))
    for (const some of slices([...each.values()])) {
      const considered = await this.consider(some)
      refused.push(...considered.refused)
      await making.at(-1) // one group of the ingest waits for one slice at most
      making.push(awaitedLater(this.make(considered.changes, by)))
    }
    return { assigned: (await Promise.all(making)).flat(), refused }
  }

  /** What was assigned to each by that revision, once more. */
  async back(list: { deviceId: string; revision: number }[], by: By) {
    const { store, now } = this.parts
    const assigned: Told[] = []
    for (const some of slices(list))
      assigned.push(...(await this.#tell(await store.assignAgain(some, { ...by, atMs: now() }))))
    return {
      assigned,
      refused: this.#leftOut(
        list.map(({ deviceId }) => deviceId),
        assigned,
      ),
    }
  }

  /** The same again, with the engines started anew. */
  async restart(deviceIds: string[], actor: string): Promise<{ assigned: Told[]; refused: RefusedDevice[] }> {
    const { store, now } = this.parts
    const ids = [...new Set(deviceIds)]
    const assigned: Told[] = []
    for (const some of slices(ids))
      assigned.push(...(await this.#tell(await store.restart(some, { actor, atMs: now() }))))
    return { assigned, refused: this.#leftOut(ids, assigned) }
  }

  #leftOut(ids: string[], assigned: Told[]): RefusedDevice[] {
    const done = new Set(assigned.map(({ deviceId }) => deviceId))
    return ids
      .filter((id) => !done.has(id))
      .map((deviceId) => ({ deviceId, build: null, code: this.#missing(deviceId, 'nothing-assigned'), others: [] }))
  }

  async #tell(all: Assigned[]): Promise<Told[]> {
    const { roster, assignments, tell, feed } = this.parts
    await assignments.keep(all)
    for (const { deviceId, revision } of all) {
      const device = roster.get(deviceId)
      if (device) device.assignedRevision = Math.max(device.assignedRevision, revision)
      tell(deviceId)
    }
    const deviceIds = all.map(({ deviceId }) => deviceId)
    if (deviceIds.length > 0) feed.say({ kind: 'assigned', data: { deviceIds } })
    return all.map(({ deviceId, revision, assignment }) => ({ deviceId, revision, build: assignment.build.id }))
  }

  #missing(deviceId: string, otherwise: NoDevice = 'no-report'): NoDevice {
    const device = this.parts.roster.get(deviceId)
    if (!device) return 'device-unknown'
    return device.revoked ? 'device-revoked' : otherwise
  }
}

/** A failure that comes before anybody awaits it would end the program. */
function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

function refusedDevice(deviceId: string, build: string | null, refusals: Refusal[]): RefusedDevice {
  const [first = { code: 'not-pinned' as const, pinned: build ?? '' }, ...others] = refusals
  return { deviceId, build, ...first, others }
}

function* slices<T>(all: T[]): Generator<T[]> {
  for (let i = 0; i < all.length; i += slice) yield all.slice(i, i + slice)
}

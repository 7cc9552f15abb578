import { createPublicKey, type KeyObject } from 'node:crypto'
import { type KnownPresence, presenceAfter, presenceWithout } from '@tradewind/fleet'
import type { Presence } from '@tradewind/protocol'
import type { RosterEntry, StoreThread } from '@tradewind/store'

/** A device as the hub holds it in memory: what the store says of it, and the connection it has right now. */
export type Device = {
  deviceId: string
  num: number
  name: string
  publicKey: string
  key: KeyObject
  revoked: boolean
  assignedRevision: number
  presence: KnownPresence | undefined
  /** the process that connected last; null while no process of this start was seen since the hub started */
  run: string | null
  isConnected: boolean
  goneSinceMs: number
  /** when people were last told of a message of this device that was refused, by code */
  refusalToldMs: Map<string, number>
  /** the revision by which it was seen to be ahead of its hub, so that people are told once */
  aheadTold: number
}

export type Change = 'enrolled' | 'key-replaced' | 'revoked'

/** Presence that is not stored yet; `turned` when its state changed, not merely its start or session. */
export type Unsaved = { device: Device; turned: boolean }

/**
 * All devices, in memory: checked at every connect and message. Presence is decided here and stored by the next group
 * commit; what a failed commit could not store stays in `unsaved` and goes with the one after.
 */
export class Roster {
  #devices = new Map<string, Device>()
  #byNum = new Map<number, Device>()
  #unsaved = new Map<Device, Unsaved>()

  constructor(
    private store: StoreThread,
    private now: () => number,
  ) {}

  get = (deviceId: string) => this.#devices.get(deviceId)
  byNum = (num: number) => this.#byNum.get(num)
  all = () => [...this.#devices.values()]

  /** Reads one device or all again; returns what is new with whom. A connection that was there before must then end. */
  async refresh(deviceId?: string): Promise<{ device: Device; what: Change }[]> {
    const entries = await this.store.roster(deviceId)
    return entries.flatMap((entry) => {
      const what = this.#take(entry)
      const device = this.#devices.get(entry.deviceId)
      return what && device ? [{ device, what }] : []
    })
  }

  #take(entry: RosterEntry): Change | null {
    const known = this.#devices.get(entry.deviceId)
    if (!known || known.publicKey !== entry.publicKey) {
      this.#add(this.#device(entry, known))
      return known ? 'key-replaced' : 'enrolled'
    }
    const what = entry.revoked && !known.revoked ? 'revoked' : null
    // what is read may have been written before an assignment that is known here already
    const assignedRevision = Math.max(known.assignedRevision, entry.assignedRevision)
    Object.assign(known, { name: entry.name, revoked: entry.revoked, assignedRevision })
    return what
  }

  #device(entry: RosterEntry, replaced: Device | undefined): Device {
    const { presence, ...rest } = entry
    if (replaced) this.#unsaved.delete(replaced)
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: entry.publicKey }, format: 'jwk' })
    return {
      ...rest,
      key,
      presence: presence ?? undefined,
      run: null,
      isConnected: false,
      goneSinceMs: this.now(),
      refusalToldMs: new Map(),
      aheadTold: 0,
    }
  }

  #add(device: Device) {
    this.#devices.set(device.deviceId, device)
    this.#byNum.set(device.num, device)
  }

  /** Takes in what a device (or its will) says of its presence. */
  hear(device: Device, said: Presence) {
    this.#become(device, presenceAfter(device.presence, said, this.now()))
  }

  /** Calls those lost that are shown online without a connection. `graceMs` lets a restart of the hub pass unnoticed. */
  missTheAbsent(graceMs: number) {
    const now = this.now()
    for (const device of this.#devices.values())
      if (device.presence && !device.isConnected)
        this.#become(device, presenceWithout(device.presence, device.goneSinceMs, now, graceMs))
  }

  #become(device: Device, next: KnownPresence) {
    if (device.presence === next) return
    const turned = device.presence?.state !== next.state || Boolean(this.#unsaved.get(device)?.turned)
    device.presence = next
    this.#unsaved.set(device, { device, turned })
  }

  get hasUnsaved() {
    return this.#unsaved.size > 0
  }

  takeUnsaved(): Unsaved[] {
    const all = [...this.#unsaved.values()]
    this.#unsaved.clear()
    return all
  }

  putBack(all: Unsaved[]) {
    for (const { device, turned } of all)
      if (this.#devices.get(device.deviceId) === device)
        this.#unsaved.set(device, { device, turned: turned || Boolean(this.#unsaved.get(device)?.turned) })
  }

  countBy(): { total: number; connected: number } {
    let connected = 0
    for (const device of this.#devices.values()) if (device.isConnected) connected++
    return { total: this.#devices.size, connected }
  }
}

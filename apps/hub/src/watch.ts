import type { Desired } from '@tradewind/protocol'
import type { Logger } from 'pino'
import type { Roster } from './admission/roster'
import type { SignedAssignments } from './assignment/signed'
import type { Broker } from './broker/broker'

/** How long a lease runs when it is not renewed, and how often it is renewed while a person watches. */
const leaseMs = 30_000
const renewEveryMs = 15_000

/**
 * What the hub wants of each device now: its assignment, and a lease while a person watches. The lease runs out by
 * itself on the device: a lost message or a crash of the hub costs it seconds of quick samples, never days.
 */
export class Watch {
  #watchers = new Map<string, number>()
  #timer: NodeJS.Timeout

  constructor(
    private parts: {
      roster: Roster
      assignments: SignedAssignments
      broker: () => Broker
      log: Logger
      now: () => number
    },
  ) {
    this.#timer = setInterval(() => {
      for (const deviceId of this.#watchers.keys()) this.tell(deviceId)
    }, renewEveryMs)
    this.#timer.unref()
  }

  /** Keeps the device's lease until the returned function is called. */
  begin(deviceId: string): () => void {
    this.#watchers.set(deviceId, (this.#watchers.get(deviceId) ?? 0) + 1)
    this.tell(deviceId)
    return () => {
      const left = (this.#watchers.get(deviceId) ?? 1) - 1
      if (left > 0) this.#watchers.set(deviceId, left)
      else this.#watchers.delete(deviceId)
    }
  }

  /** Null for a device that is not on record. Rejects when its assignment cannot be read: none is not the same. */
  async desired(deviceId: string): Promise<Desired | null> {
    const { roster, assignments } = this.parts
    const isKnown = !roster.get(deviceId)?.assignedRevision || assignments.of(deviceId)
    if (!isKnown) await assignments.read(deviceId)
    return this.#asKnown(deviceId)
  }

  /** Says it to the device, where that is connected; what it says is the newest there is when it is said. */
  tell(deviceId: string) {
    const { broker, log } = this.parts
    this.desired(deviceId)
      .then(() => {
        const desired = this.#asKnown(deviceId)
        if (desired) broker().send(deviceId, 'desired', desired)
      })
      .catch((error: Error) => log.error({ device: deviceId, error: error.message }, 'a device was not told'))
  }

  #asKnown(deviceId: string): Desired | null {
    const device = this.parts.roster.get(deviceId)
    if (!device) return null
    const signed = this.parts.assignments.of(deviceId)
    return {
      at: this.parts.now(),
      revision: signed?.revision ?? device.assignedRevision,
      leaseMs: this.#watchers.has(deviceId) ? leaseMs : 0,
      ...(signed && { assignment: signed.jws }),
    }
  }

  close() {
    clearInterval(this.#timer)
  }
}

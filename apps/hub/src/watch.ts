import type { Desired } from '@tradewind/protocol'
import type { Roster } from './admission/roster'
import type { Broker } from './broker/broker'

/** How long a lease runs when it is not renewed, and how often it is renewed while a person watches. */
const leaseMs = 30_000
const renewEveryMs = 15_000

/**
 * Who watches which device, and so what the hub wants of it now. The lease in `desired` runs out by itself on the
 * device: a lost message or a crash of the hub costs it seconds of quick samples, never days.
 */
export class Watch {
  #watchers = new Map<string, number>()
  #timer: NodeJS.Timeout

  constructor(private parts: { roster: Roster; broker: () => Broker; now: () => number }) {
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

  desired(deviceId: string): Desired | null {
    const device = this.parts.roster.get(deviceId)
    if (!device) return null
    return {
      at: this.parts.now(),
      revision: device.assignedRevision,
      leaseMs: this.#watchers.has(deviceId) ? leaseMs : 0,
    }
  }

  tell(deviceId: string) {
    const desired = this.desired(deviceId)
    if (desired) this.parts.broker().send(deviceId, 'desired', desired)
  }

  close() {
    clearInterval(this.#timer)
  }
}

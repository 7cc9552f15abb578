import type { Assigned, StoreThread } from '@tradewind/store'
import type { Sign } from './sign'

export type Signed = { revision: number; jws: string }

/**
 * The newest assignment of each device, signed. After a restart of the hub nothing is signed before a device asks for
 * it; all that ask in one turn are read together. A newer one is never replaced by an older one that was read late.
 */
export class SignedAssignments {
  #kept = new Map<string, Signed>()
  #asked = new Set<string>()
  #reading: Promise<void> | null = null

  constructor(private parts: { store: Pick<StoreThread, 'assigned'>; sign: Sign }) {}

  of = (deviceId: string): Signed | undefined => this.#kept.get(deviceId)

  async keep(all: Assigned[]) {
    const signed = await Promise.all(all.map(({ assignment }) => this.parts.sign(assignment)))
    all.forEach(({ deviceId, revision }, i) => {
      const isNewer = revision > (this.#kept.get(deviceId)?.revision ?? 0)
      if (isNewer) this.#kept.set(deviceId, { revision, jws: signed[i] as string })
    })
  }

  /** Reads what is assigned to a device that `of` knows nothing of. */
  read(deviceId: string): Promise<void> {
    this.#asked.add(deviceId)
    this.#reading ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      const asked = [...this.#asked]
      this.#asked.clear()
      this.#reading = null
      return this.parts.store.assigned(asked).then((all) => this.keep(all))
    })
    return this.#reading
  }
}

/// <reference path="./aedes-persistence.d.ts" />
import { Readable } from 'node:stream'
import Memory from 'aedes-persistence/asyncPersistence.js'

/** The retained message of a topic as it stands now, or null. */
export type RetainedSource = (topic: string) => Uint8Array | null | Promise<Uint8Array | null>

/**
 * What aedes asks of a store, without a second copy of anything. A retained message is what the hub would say now, so
 * a restart forgets nothing and a subscribe costs the same however many devices there are (aedes' own store scans
 * all retained topics). Wills die with the connection: the hub notices who stays away after a restart by itself.
 */
export class DerivedPersistence extends Memory {
  constructor(private retained: RetainedSource) {
    super()
  }

  override async storeRetained() {}
  override async putWill() {}

  override createRetainedStreamCombi(topics: string[]) {
    return Readable.from(packetsOf(topics, this.retained))
  }
}

async function* packetsOf(topics: string[], retained: RetainedSource) {
  for (const topic of topics) {
    const payload = await retained(topic)
    if (payload !== null)
      yield { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, retain: true, dup: false }
  }
}

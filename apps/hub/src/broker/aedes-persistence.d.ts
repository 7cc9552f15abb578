declare module 'aedes-persistence/asyncPersistence.js' {
  import type { Readable } from 'node:stream'

  export default class MemoryPersistence {
    storeRetained(packet: unknown): Promise<void>
    putWill(client: unknown, will: unknown): Promise<void>
    createRetainedStreamCombi(topics: string[]): Readable
  }
}

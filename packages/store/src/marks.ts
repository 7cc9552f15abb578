import { type Database, type Transaction, transact } from './database'
import { readSetting, writeSetting } from './settings'

type Mark = { seq: number; atMs: number }

/**
 * The highest sequence number stored per device and stream. The outbox of a device drains in order, so whatever is not
 * above the mark was stored before. Marks live in memory, are flushed now and then, and are rebuilt at start from the
 * flushed ones and the samples received since: a kill at any moment leaves them right.
 */
export class Marks {
  #byDevice = new Map<number, Map<string, Mark>>()
  #dirty = new Set<number>()
  /** the highest Sample.id given out */
  lastId = 0

  /** Streams that are remembered per device; the outbox sends the oldest first, so older ones do not come back. */
  static readonly streamsKept = 8

  seqOf(device: number, stream: string): number {
    return this.#byDevice.get(device)?.get(stream)?.seq ?? 0
  }

  raise(device: number, stream: string, seq: number, atMs: number) {
    const streams = this.#byDevice.get(device) ?? new Map<string, Mark>()
    this.#byDevice.set(device, streams)
    streams.delete(stream) // to the end: the map stays ordered by last use
    streams.set(stream, { seq, atMs })
    for (const oldest of streams.keys()) if (streams.size > Marks.streamsKept) streams.delete(oldest)
    this.#dirty.add(device)
  }

  async load(db: Database) {
    const through = (await readSetting<number>(db, 'marks-through')) ?? 0
    const flushed = await db.mark.findMany({ orderBy: { at: 'asc' } })
    for (const { device, stream, seq, at } of flushed) this.raise(device, stream, seq, Number(at))
    const since = await db.$queryRaw<{ device: number; stream: string; seq: number; lastId: number; at: bigint }[]>`
      SELECT device, stream, max(seq) AS seq, CAST(max(id) AS REAL) AS lastId, max(at) AS at
      FROM Sample WHERE id > ${through} GROUP BY device, stream ORDER BY max(id)`
    for (const { device, stream, seq, at } of since)
      if (Number(seq) > this.seqOf(device, stream)) this.raise(device, stream, Number(seq), Number(at))
    this.lastId = Math.max(through, ...since.map(({ lastId }) => lastId))
    this.#dirty = new Set(since.map(({ device }) => device))
  }

  /**
   * Writes what changed since the last flush, and up to which sample it is true. Both are taken before the first wait:
   * a commit that ends meanwhile belongs to the next flush.
   */
  async flush(db: Database) {
    const devices = [...this.#dirty]
    const through = this.lastId
    const rows = devices.flatMap((device) =>
      [...(this.#byDevice.get(device) ?? [])].map(([stream, { seq, atMs }]) => [device, stream, seq, atMs]),
    )
    this.#dirty.clear()
    try {
      await transact(db, (tx) => writeMarks(tx, devices, rows, through))
    } catch (error) {
      for (const device of devices) this.#dirty.add(device)
      throw error
    }
  }
}

async function writeMarks(tx: Transaction, devices: number[], rows: (string | number)[][], through: number) {
  await tx.$executeRaw`DELETE FROM Mark WHERE device IN (SELECT value FROM json_each(${JSON.stringify(devices)}))`
  await tx.$executeRaw`INSERT INTO Mark (device, stream, seq, at)
    SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(${JSON.stringify(rows)})`
  await writeSetting(tx, 'marks-through', through)
}

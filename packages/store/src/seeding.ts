import { figureNames, type Labels, workNames } from '@tradewind/protocol'
import { hashPassword } from 'better-auth/crypto'
import Sqlite from 'better-sqlite3'
import type { Actor } from './audit'
import { audit } from './audit'
import { type Database, openDatabase, transact } from './database'
import { newId } from './ids'
import { idsPerMs } from './ingest'
import { minutesOf } from './levels'
import type { ChartLevel, Role, RollupLevel, WorkDone } from './model'
import { openStore } from './open'
import { writeSetting } from './settings'

export type PastDevice = {
  id: string
  num: number
  name: string
  publicKey: string
  labels: Labels
  enrolledMs: number
  actor: Actor
}

/** What the samples of one device in one bucket come to. */
export type PastBucket = {
  atMs: number
  device: number
  /** when its newest sample was taken */
  lastMs: number
  /** min, sum, count, max, last of each figure, in the order of `figureNames`; min, max and last are null where count is 0 */
  figures: (number | null)[]
}

/** What a device did in a quarter of an hour; under device 0 what all of them did. */
export type PastWork = { atMs: number; device: number; work: WorkDone }

/** Rows of one commit: a transaction of its own for each costs more than the rows. */
const rowsAtOnce = 20_000

export type SeedStore = Awaited<ReturnType<typeof openSeedStore>>

/** The store, with commands that lay a past. It ingests, so no hub may run on the file. */
export async function openSeedStore(file: string) {
  const store = await openStore(file, { ingests: true })
  const db = await openDatabase(file)
  return {
    ...store,
    ...seeding(db, file),
    close: async () => {
      await db.$disconnect()
      await store.close()
    },
  }
}

/**
 * A past that no hub has lived through, for `npm run seed` and for benchmarks. A hub has none of these commands: what
 * they write was never said by a device.
 */
const seeding = (db: Database, file: string) => ({
  /** Enrols many, each at its own time, with its key and its labels, in one transaction. */
  layDevices: (devices: PastDevice[]): Promise<void> =>
    transact(db, async (tx) => {
      const given = JSON.stringify(devices)
      await tx.$executeRaw`INSERT INTO Device (id, num, name, createdAt)
        SELECT value->>'id', value->>'num', value->>'name', value->>'enrolledMs' FROM json_each(${given})`
      await tx.$executeRaw`INSERT INTO DeviceKey (publicKey, deviceId, createdAt)
        SELECT value->>'publicKey', value->>'id', value->>'enrolledMs' FROM json_each(${given})`
      await tx.$executeRaw`INSERT INTO Label (deviceId, name, value)
        SELECT one.value->>'id', label.key, label.value
        FROM json_each(${given}) AS one, json_each(one.value, '$.labels') AS label`
      const entries = devices.map(({ id, name, enrolledMs, actor }) => [newId(), enrolledMs, actor, id, name])
      await tx.$executeRaw`INSERT INTO Audit (id, at, actor, action, target, detail)
        SELECT value->>0, value->>1, value->>2, 'device-enrolled', value->>3, json_object('name', value->>4)
        FROM json_each(${JSON.stringify(entries)})`
    }),

  /** A person who may sign in at once; without the link that makes the first one. */
  addPerson: async (who: { name: string; email: string; password: string; role: Role }, actor: Actor) => {
    const { name, email, role } = who
    const [id, password] = [newId(), await hashPassword(who.password)]
    await transact(db, async (tx) => {
      await tx.user.create({ data: { id, name, email, role, emailVerified: true } })
      const account = { id: newId(), userId: id, accountId: id, providerId: 'credential', password }
      await tx.account.create({ data: { ...account, updatedAt: new Date() } })
      await audit(tx, actor, 'role-given', email, { role })
    })
  },

  /**
   * Writes the rollups of a level, and says how many. They must come in the order of time, then of device: that appends,
   * where any other order rewrites the table. Not durable before the next commit: a seed that is cut short is thrown away.
   */
  layRollups: (level: RollupLevel, buckets: Iterable<PastBucket>): number => {
    const valuesOf = ({ atMs, device, lastMs, figures }: PastBucket) => [
      ...[minutesOf[level], atMs, device, lastMs, atMs * idsPerMs, lastMs * idsPerMs],
      ...figures,
    ]
    return layRows(file, bucketSql, buckets, valuesOf)
  },

  /** Writes what was done, and says how many rows; in the order of time, then of device. No more durable than rollups. */
  layWork: (rows: Iterable<PastWork>): number =>
    layRows(file, workSql, rows, ({ atMs, device, work }) => [atMs, device, ...workNames.map((name) => work[name])]),

  /** Since when each level is whole, milliseconds since 1970: charts look no further back in it. */
  keepSince: (since: Partial<Record<ChartLevel, number>>): Promise<void> =>
    transact(db, (tx) => writeSetting(tx, 'kept-since', since)),
})

/** On a connection of its own, which does not wait for the disk. */
function layRows<T>(file: string, sql: string, rows: Iterable<T>, valuesOf: (row: T) => (number | null)[]): number {
  const writer = new Sqlite(file, { timeout: 10_000 })
  try {
    writer.pragma('synchronous = OFF')
    const insert = writer.prepare(sql)
    const lay = writer.transaction((some: T[]) => {
      for (const row of some) insert.run(valuesOf(row))
    })
    let count = 0
    let some: T[] = []
    for (const row of rows) {
      count++
      if (some.push(row) < rowsAtOnce) continue
      lay(some)
      some = []
    }
    lay(some)
    return count
  } finally {
    writer.close()
  }
}

const workSql = `INSERT INTO WorkDone (at, device, ${workNames.join(', ')}) VALUES (?, ?, ${workNames.map(() => '?').join(', ')})`
const bucketColumns = figureNames.flatMap((f) => [`${f}Min`, `${f}Sum`, `${f}Count`, `${f}Max`, `${f}Last`])
const bucketSql = `INSERT INTO Rollup (level, at, device, lastAt, firstId, lastId, ${bucketColumns.join(', ')})
  VALUES (?, ?, ?, ?, ?, ?, ${bucketColumns.map(() => '?').join(', ')})`

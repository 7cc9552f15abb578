import { figureNames } from '@tradewind/protocol'
import { type Database, type Transaction, transact } from './database'
import { bucketMsOf, minutesOf, rollupLevels } from './levels'
import type { RollupLevel } from './model'
import { keepSince, readSetting, writeSetting } from './settings'
import { rollUpWork } from './work'

/**
 * Rollups follow the log of samples: what has an id up to the setting `rolled-through` is in the rollups of every
 * level, once, and its work in WorkDone; what is above is in none. A late sample is new in the log, however old the time that it tells of.
 */
export const rollups = (db: Database) => ({
  /**
   * Merges the next samples of the log, at most `mostSamples`, into the rollups of every level, and says how many it
   * took. Call it again until it says 0. One transaction with its offset: a kill leaves it done or not done.
   */
  rollUp: (mostSamples = 5000): Promise<number> =>
    transact(db, async (tx) => {
      const from = (await readSetting<number>(tx, 'rolled-through')) ?? 0
      const { through, taken } = await piece(tx, from, mostSamples)
      if (taken === 0) return 0
      await tx.$executeRawUnsafe(mergeSql, from, through)
      await rollUpWork(tx, from, through)
      await writeSetting(tx, 'rolled-through', through)
      return taken
    }),

  /**
   * Deletes up to `most` rollups of a level whose bucket starts before `beforeMs`, the oldest first, and says how many.
   * Call it again until it says 0.
   */
  dropRollups: (level: RollupLevel, beforeMs: number, most = 5000): Promise<number> =>
    transact(db, async (tx) => {
      const dropped = await tx.$executeRaw`DELETE FROM Rollup WHERE (level, at, device) IN
        (SELECT level, at, device FROM Rollup WHERE level = ${minutesOf[level]} AND at < ${Math.floor(beforeMs)}
         ORDER BY at, device LIMIT ${most})`
      if (dropped > 0) await keepSince(tx, level, beforeMs)
      return dropped
    }),
})

async function piece(tx: Transaction, from: number, most: number) {
  // as a double, because the driver takes a whole number for one of 32 bits; ids are safe in it
  const [row] = await tx.$queryRaw<{ through: number | null; taken: number | bigint }[]>`
    SELECT CAST(max(id) AS REAL) AS through, count(*) AS taken
    FROM (SELECT id FROM Sample WHERE id > ${from} ORDER BY id LIMIT ${most})`
  return { through: row?.through ?? from, taken: Number(row?.taken ?? 0) }
}

type Column = { name: string; ofSamples: string; merged: string }

/** A scalar min or max of SQLite is null when either side is: unknown must not swallow what is known. */
const either = (fn: 'min' | 'max', name: string) =>
  `${fn}(ifnull(${name}, excluded.${name}), ifnull(excluded.${name}, ${name}))`

/** `total` and not `sum`: a sum of whole numbers throws when it grows beyond 64 bits, and would stop the follower. */
const columns: Column[] = [
  { name: 'lastAt', ofSamples: 'max(at)', merged: 'max(lastAt, excluded.lastAt)' },
  { name: 'firstId', ofSamples: 'min(id)', merged: 'min(firstId, excluded.firstId)' },
  { name: 'lastId', ofSamples: 'max(id)', merged: 'max(lastId, excluded.lastId)' },
  ...figureNames.flatMap((f): Column[] => [
    { name: `${f}Min`, ofSamples: `min(${f})`, merged: either('min', `${f}Min`) },
    { name: `${f}Sum`, ofSamples: `total(${f})`, merged: `${f}Sum + excluded.${f}Sum` },
    { name: `${f}Count`, ofSamples: `count(${f})`, merged: `${f}Count + excluded.${f}Count` },
    { name: `${f}Max`, ofSamples: `max(${f})`, merged: either('max', `${f}Max`) },
    {
      name: `${f}Last`,
      ofSamples: `max(${f}) FILTER (WHERE newest = 1)`,
      merged: `iif(excluded.lastAt >= lastAt, excluded.${f}Last, ${f}Last)`,
    },
  ]),
]

const perLevel = rollupLevels
  .map((level) => `SELECT ${minutesOf[level]} AS level, at - at % ${bucketMsOf(level)} AS bucket, * FROM taken`)
  .join(' UNION ALL ')

const mergeSql = `WITH taken AS (SELECT * FROM Sample WHERE id > ? AND id <= ?)
  INSERT INTO Rollup (level, at, device, ${columns.map(({ name }) => name).join(', ')})
  SELECT level, bucket, device, ${columns.map(({ ofSamples }) => ofSamples).join(', ')}
  FROM (SELECT *, row_number() OVER (PARTITION BY level, bucket, device ORDER BY at DESC, id DESC) AS newest
        FROM (${perLevel}))
  WHERE true GROUP BY level, bucket, device
  ON CONFLICT (level, at, device) DO UPDATE SET ${columns.map(({ name, merged }) => `${name} = ${merged}`).join(', ')}`

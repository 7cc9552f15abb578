import { workNames } from '@tradewind/protocol'
import { type Database, type Transaction, transact } from './database'
import type { WorkDone } from './model'

/** How much time a row of WorkDone stands for. */
const quarterMs = 15 * 60_000
/** Under this number all devices stand together; those of devices begin at 1. */
const fleet = 0

/** From `fromMs` up to but not including `toMs`, milliseconds since 1970: the quarter hours that begin within. */
export type WorkSpan = { fromMs: number; toMs: number }

export const work = (db: Database) => ({
  /** What all devices did, as far as they have told and it is rolled up, which takes a minute or so. */
  workDone: (span: WorkSpan): Promise<WorkDone> => sumOf(db, fleet, span),

  /** What one device did; null when there is no such device. */
  async workOf(deviceId: string, span: WorkSpan): Promise<WorkDone | null> {
    const device = await db.device.findUnique({ where: { id: deviceId }, select: { num: true } })
    return device && sumOf(db, device.num, span)
  },

  /** When the oldest quarter of an hour begins that any work is known of, milliseconds since 1970; null when none is. */
  async workKnownSince(): Promise<number | null> {
    const [row] = await db.$queryRaw<{ at: number | null }[]>`SELECT CAST(min(at) AS REAL) AS at FROM WorkDone`
    return row?.at ?? null
  },

  /**
   * Deletes up to `most` rows of the quarter hours that begin before `beforeMs`, the oldest first, and says how many.
   * Call it again until it says 0.
   */
  dropWork: (beforeMs: number, most = 5000): Promise<number> =>
    transact(
      db,
      (tx) => tx.$executeRaw`DELETE FROM WorkDone WHERE (at, device) IN
        (SELECT at, device FROM WorkDone WHERE at < ${Math.floor(beforeMs)} ORDER BY at, device LIMIT ${most})`,
    ),
})

/** The key finds each quarter hour with one look, so that what others did is never read. */
const sumSql = `WITH RECURSIVE
  asked(device, fromMs, toMs) AS (SELECT CAST(? AS INTEGER), CAST(? AS INTEGER), CAST(? AS INTEGER)),
  bounds(first, last) AS (SELECT
    max(fromMs + (${quarterMs} - fromMs % ${quarterMs}) % ${quarterMs}, (SELECT min(at) FROM WorkDone)),
    min(toMs - 1, (SELECT max(at) FROM WorkDone)) FROM asked),
  quarters(at) AS (SELECT first FROM bounds WHERE first <= last
    UNION ALL SELECT at + ${quarterMs} FROM quarters WHERE at + ${quarterMs} <= (SELECT last FROM bounds))
  SELECT ${workNames.map((name) => `total(${name}) AS ${name}`).join(', ')} FROM quarters CROSS JOIN WorkDone w
    ON w.at = quarters.at AND w.device = (SELECT device FROM asked)`

async function sumOf(db: Database, device: number, { fromMs, toMs }: WorkSpan): Promise<WorkDone> {
  const [sums] = await db.$queryRawUnsafe<WorkDone[]>(sumSql, device, Math.floor(fromMs), Math.floor(toMs))
  if (!sums) throw new Error('a sum without a row')
  return sums
}

const columns = ['id', 'device', 'at', ...workNames]
const insertSql = `INSERT INTO Work (${columns.join(', ')})
  SELECT ${columns.map((_, i) => `value->>${i}`).join(', ')} FROM json_each(?)`

export type WorkRow = [id: number, device: number, atMs: number, ...counts: number[]]

export async function insertWork(tx: Transaction, rows: WorkRow[]) {
  if (rows.length > 0) await tx.$executeRawUnsafe(insertSql, JSON.stringify(rows))
}

const mergeSql = `WITH told AS (SELECT at - at % ${quarterMs} AS quarter, * FROM Work WHERE id > ? AND id <= ?)
  INSERT INTO WorkDone (at, device, ${workNames.join(', ')})
  SELECT quarter, who, ${workNames.map((name) => `total(${name})`).join(', ')}
  FROM (SELECT device AS who, * FROM told UNION ALL SELECT ${fleet} AS who, * FROM told)
  WHERE true GROUP BY quarter, who
  ON CONFLICT (at, device) DO UPDATE SET ${workNames.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`

/** Adds what the samples of this piece of the log say to the quarter hours, and forgets it: it is needed no more. */
export async function rollUpWork(tx: Transaction, from: number, through: number) {
  const merged = await tx.$executeRawUnsafe(mergeSql, from, through)
  if (merged > 0) await tx.$executeRaw`DELETE FROM Work WHERE id <= ${through}`
}

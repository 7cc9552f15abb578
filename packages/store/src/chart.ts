import { type FigureName, figureNames } from '@tradewind/protocol'
import type { Database, Transaction } from './database'
import { bucketMsOf, type Choice, choicesFor, minutesOf, type Range } from './levels'
import type { Chart, ChartPoint, RollupLevel, Spread } from './model'
import { keptSince } from './settings'

export const charts = (db: Database) => ({
  /**
   * How the figures of a device went from `fromMs` up to but not including `toMs` (milliseconds since 1970), in at most
   * `most` points (2 or more), from the finest level that can. No point where there was no sample. A point of a rollup
   * stands at the start of its bucket, so the first may be before `fromMs`; the newest samples are in the rollups only
   * after the next `rollUp`. Null when there is no such device.
   */
  async chartOf(deviceId: string, fromMs: number, toMs: number, most = 1500): Promise<Chart | null> {
    const device = await db.device.findUnique({ where: { id: deviceId }, select: { num: true } })
    if (!device) return null
    const range = { fromMs: Math.floor(fromMs), toMs: Math.floor(toMs), most }
    for (const choice of choicesFor(range, await keptSince(db))) {
      const rows = await rowsOf(db, device.num, range, choice)
      if (rows.length <= most)
        return { ...choice, points: rows.map(choice.level === 'raw' ? samplePoint : bucketPoint) }
    }
    throw new Error(`a chart of ${most} points cannot be drawn: 2 are the least`)
  },
})

function rowsOf(db: Transaction, device: number, range: Range, choice: Choice): Promise<Row[]> {
  const { fromMs, toMs, most } = range
  if (choice.level === 'raw') return db.$queryRawUnsafe<Row[]>(rawSql, device, fromMs, toMs, most + 1)
  return db.$queryRawUnsafe<Row[]>(rollupSql(choice.level, choice.bucketMs), device, fromMs, toMs)
}

/** Every bucket that the range touches, as far as there are rollups; the key finds each with one look. */
function grid(level: RollupLevel): string {
  const minutes = minutesOf[level]
  const bucketMs = bucketMsOf(level)
  const bound = (what: 'min' | 'max') => `(SELECT ${what}(at) FROM Rollup WHERE level = ${minutes})`
  return `WITH RECURSIVE
    asked(device, fromMs, toMs) AS (SELECT CAST(? AS INTEGER), CAST(? AS INTEGER), CAST(? AS INTEGER)),
    bounds(first, last) AS (
      SELECT max(fromMs - fromMs % ${bucketMs}, ${bound('min')}), min(toMs - 1, ${bound('max')}) FROM asked),
    grid(at) AS (SELECT first FROM bounds WHERE first <= last
      UNION ALL SELECT at + ${bucketMs} FROM grid WHERE at + ${bucketMs} <= (SELECT last FROM bounds)),
    buckets AS (SELECT r.* FROM grid CROSS JOIN Rollup r
      ON r.level = ${minutes} AND r.at = grid.at AND r.device = (SELECT device FROM asked))`
}

const spreadOf = (f: string) =>
  `min(${f}Min) AS ${f}Min, total(${f}Sum) / nullif(total(${f}Count), 0) AS ${f}Mean, max(${f}Max) AS ${f}Max,
   max(${f}Last) FILTER (WHERE newest = 1) AS ${f}Last`

const rollupSql = (level: RollupLevel, bucketMs: number) => `${grid(level)}
  SELECT bucket AS at, ${figureNames.map(spreadOf).join(', ')}
  FROM (SELECT *, at - at % ${bucketMs} AS bucket,
          row_number() OVER (PARTITION BY at - at % ${bucketMs} ORDER BY at DESC) AS newest FROM buckets)
  GROUP BY bucket ORDER BY bucket`

/**
 * The log has no index by device; the rollups of a minute say where in it its samples are, late ones included, and
 * what is not rolled up yet is at its end. The `+` keeps SQLite from indexing the whole log for one question.
 */
const rawSql = `${grid('1m')}
  SELECT at, ${figureNames.join(', ')} FROM (
    SELECT s.* FROM buckets b CROSS JOIN Sample s ON s.id BETWEEN b.firstId AND b.lastId AND +s.device = b.device
      AND s.at >= b.at AND s.at < b.at + ${bucketMsOf('1m')}
    UNION ALL
    SELECT * FROM Sample WHERE device = (SELECT device FROM asked)
      AND id > ifnull((SELECT CAST(value AS INTEGER) FROM Setting WHERE key = 'rolled-through'), 0))
  WHERE at >= (SELECT fromMs FROM asked) AND at < (SELECT toMs FROM asked) ORDER BY at LIMIT ?`

type Row = Record<string, number | bigint | null>

const number = (value: number | bigint | null | undefined) =>
  value === null || value === undefined ? null : Number(value)

function pointOf(row: Row, spread: (figure: FigureName) => Spread | null): ChartPoint {
  return {
    atMs: Number(row.at),
    ...Object.fromEntries(figureNames.map((figure) => [figure, spread(figure)])),
  } as ChartPoint
}

const samplePoint = (row: Row) =>
  pointOf(row, (figure) => {
    const value = number(row[figure])
    return value === null ? null : { min: value, mean: value, max: value, last: value }
  })

const bucketPoint = (row: Row) =>
  pointOf(row, (figure) => {
    const [min, mean, max, last] = ['Min', 'Mean', 'Max', 'Last'].map((what) => number(row[figure + what]))
    if (min == null || mean == null || max == null) return null
    return { min, mean, max, last: last ?? null }
  })

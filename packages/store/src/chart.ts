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
      const points = await pointsOf(db, device.num, range, choice)
      if (points.length <= most) return { ...choice, points }
    }
    throw new Error(`a chart of ${most} points cannot be drawn: 2 are the least`)
  },
})

function pointsOf(db: Transaction, device: number, range: Range, choice: Choice): Promise<ChartPoint[]> {
  return choice.level === 'raw' ? samplePoints(db, device, range) : bucketPoints(db, device, range, choice)
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

/** `at` and the spread of each figure; a point holds more than one bucket only where even the coarsest has too many. */
const oneEach = figureNames.map((f) => `${f}Min, ${f}Sum / nullif(${f}Count, 0), ${f}Max, ${f}Last`)
const merged = figureNames.map(
  (f) => `min(${f}Min), total(${f}Sum) / nullif(total(${f}Count), 0), max(${f}Max),
    max(${f}Last) FILTER (WHERE newest = 1)`,
)

const pointsSql = (level: RollupLevel, bucketMs: number) =>
  bucketMs === bucketMsOf(level)
    ? `SELECT json_array(at, ${oneEach}) AS point FROM buckets ORDER BY at`
    : `SELECT json_array(point, ${merged}) AS point
       FROM (SELECT *, at - at % ${bucketMs} AS point,
               row_number() OVER (PARTITION BY at - at % ${bucketMs} ORDER BY at DESC) AS newest FROM buckets)
       GROUP BY point ORDER BY point`

/** As one JSON text, because the driver's own conversion of a day's 65,000 values takes five times the query. */
async function bucketPoints(
  db: Transaction,
  device: number,
  { fromMs, toMs }: Range,
  { level, bucketMs }: { level: RollupLevel; bucketMs: number },
): Promise<ChartPoint[]> {
  const sql = `${grid(level)} SELECT json_group_array(json(point)) AS points FROM (${pointsSql(level, bucketMs)})`
  const [row] = await db.$queryRawUnsafe<{ points: string }[]>(sql, device, fromMs, toMs)
  return (JSON.parse(row?.points ?? '[]') as (number | null)[][]).map(([at, ...figures]) =>
    pointOf(Number(at), (_, i) => spreadOf(figures.slice(4 * i, 4 * i + 4))),
  )
}

function spreadOf([min, mean, max, last]: (number | null)[]): Spread | null {
  if (min == null || mean == null || max == null) return null
  return { min, mean, max, last: last ?? null }
}

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

async function samplePoints(db: Transaction, device: number, { fromMs, toMs, most }: Range): Promise<ChartPoint[]> {
  const rows = await db.$queryRawUnsafe<Record<string, number | bigint | null>[]>(
    rawSql,
    device,
    fromMs,
    toMs,
    most + 1,
  )
  return rows.map((row) =>
    pointOf(Number(row.at), (figure) => {
      const value = row[figure] ?? null
      return value === null ? null : spreadOf(Array(4).fill(Number(value)))
    }),
  )
}

function pointOf(atMs: number, spread: (figure: FigureName, i: number) => Spread | null): ChartPoint {
  return { atMs, ...Object.fromEntries(figureNames.map((figure, i) => [figure, spread(figure, i)])) } as ChartPoint
}

import type { Transaction } from './database'
import { bucketMsOf, minutesOf } from './levels'
import type { Latest } from './model'

/** Of these devices by their numbers, or of all. */
export async function latestOf(db: Transaction, nums: number[] | null): Promise<Map<number, Latest>> {
  const rows = nums
    ? await db.$queryRawUnsafe<LatestRow[]>(
        `WITH wanted AS MATERIALIZED (SELECT value AS device FROM json_each(?)) ${latestSql('wanted')}`,
        JSON.stringify(nums),
      )
    : await db.$queryRawUnsafe<LatestRow[]>(latestSql(''))
  return new Map(
    rows.map(({ device, atMs, cpuBusy, temperatureC }) => [
      Number(device),
      { atMs: Number(atMs), cpuBusy, temperatureC },
    ]),
  )
}

type LatestRow = { device: number | bigint; atMs: number | bigint; cpuBusy: number | null; temperatureC: number | null }

/**
 * The newest figures of these devices, or of all: from the rollups of two hours, which tell the newest sample too, and
 * from the end of the log, which is not in them yet. With `max`, SQLite takes the other columns from the same row.
 */
export function latestSql(wanted: 'wanted' | ''): string {
  const join = wanted && 'CROSS JOIN wanted'
  const isWanted = wanted && 'AND r.device = wanted.device'
  return `SELECT device, max(at) AS atMs, cpuBusy, temperatureC FROM (
      SELECT r.device, r.lastAt AS at, r.cpuBusyLast AS cpuBusy, r.temperatureCLast AS temperatureC
      FROM (SELECT max(at) AS at FROM Rollup WHERE level = ${minutesOf['1h']}) newest ${join}
        CROSS JOIN Rollup r
          ON r.level = ${minutesOf['1h']} AND r.at IN (newest.at, newest.at - ${bucketMsOf('1h')}) ${isWanted}
      UNION ALL
      SELECT device, at, cpuBusy, temperatureC FROM Sample
      WHERE id > ifnull((SELECT CAST(value AS INTEGER) FROM Setting WHERE key = 'rolled-through'), 0)
        ${wanted && 'AND device IN (SELECT device FROM wanted)'})
    GROUP BY device`
}

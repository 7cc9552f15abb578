import type { SyncState } from '@tradewind/fleet'
import type { PresenceState } from '@tradewind/protocol'
import type { Database, Transaction } from './database'
import { deviceRow, type ListRow, listSql } from './devices'
import { bucketMsOf, minutesOf } from './levels'
import type { DeviceOrder, DeviceRow } from './model'

/** `unseen`: enrolled, but never connected. */
export type ListedPresence = PresenceState | 'unseen'

/** Which devices, and which part of them. Null and `''` want all. */
export type DeviceQuery = {
  /** each word must occur in its name, id, board, CPU, system or agent version; the case of A to Z does not matter */
  text: string
  presence: ListedPresence | null
  sync: SyncState | null
  revoked: 'without' | 'only' | 'with'
  order: { by: DeviceOrder; descending: boolean }
  offset: number
  limit: number
}

/** The newest figures of a device that was heard of in this hour or the one before. */
export type Latest = { atMs: number; cpuBusy: number | null; temperatureC: number | null }

export type DevicePage = {
  devices: (DeviceRow & { latest: Latest | null })[]
  /** how many the query wants, on all pages */
  total: number
  /** how many there would be with another presence, or another sync, and all else as asked */
  byPresence: Partial<Record<ListedPresence, number>>
  bySync: Partial<Record<SyncState, number>>
}

export const devicePages = (db: Database) => ({
  /**
   * A page of the devices, in an order that is whole: what is equal goes by name, then by id, and unknown comes last.
   * Only its own devices are read in full, so that a page of ten thousand costs little more than a page of ten.
   */
  async pageOfDevices(query: DeviceQuery): Promise<DevicePage> {
    const named = await numsNamed(db, query.text)
    const tallies = await tally(db, query, named)
    const rows = await rowsOf(db, query, named)
    const latest = await latestOf(
      db,
      rows.map(({ num }) => num),
    )
    const wanted = tallies.filter((one) => hasPresence(one, query) && hasSync(one, query))
    return {
      devices: rows.map((row) => ({ ...row, latest: latest.get(row.num) ?? null })),
      total: wanted.reduce((sum, { devices }) => sum + devices, 0),
      byPresence: countBy(
        tallies.filter((one) => hasSync(one, query)),
        'presence',
      ),
      bySync: countBy(
        tallies.filter((one) => hasPresence(one, query)),
        'sync',
      ),
    }
  },

  /** The names of those of these devices that there are. */
  async namesOf(ids: string[]): Promise<Map<string, string>> {
    const rows = await db.device.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
    return new Map(rows.map(({ id, name }) => [id, name]))
  },
})

type Tally = { presence: ListedPresence; sync: SyncState; devices: number }

const hasPresence = ({ presence }: Tally, query: DeviceQuery) => !query.presence || presence === query.presence
const hasSync = ({ sync }: Tally, query: DeviceQuery) => !query.sync || sync === query.sync

function countBy<K extends 'presence' | 'sync'>(tallies: Tally[], by: K): Partial<Record<Tally[K], number>> {
  const counts: Partial<Record<Tally[K], number>> = {}
  for (const one of tallies) counts[one[by]] = (counts[one[by]] ?? 0) + one.devices
  return counts
}

/** Every count that a page shows is a sum of these, so that they are counted once. */
async function tally(db: Transaction, query: DeviceQuery, named: Named): Promise<Tally[]> {
  const { sql, values } = where({ ...query, presence: null, sync: null }, named)
  const rows = await db.$queryRawUnsafe<(Tally & { devices: number | bigint })[]>(
    `SELECT ${presenceSql} AS presence, ${syncSql} AS sync, count(*) AS devices ${fromSql} ${sql} GROUP BY 1, 2`,
    ...values,
  )
  return rows.map((row) => ({ ...row, devices: Number(row.devices) }))
}

async function rowsOf(db: Transaction, query: DeviceQuery, named: Named): Promise<DeviceRow[]> {
  const { sql, values } = where(query, named)
  const { by, descending } = query.order
  const key = orderSql[by]
  const figures = figureOrders.includes(by) ? `LEFT JOIN (${latestSql('')}) l ON l.device = d.num` : ''
  const ids = await db.$queryRawUnsafe<{ id: string }[]>(
    `SELECT d.id ${fromSql} ${figures} ${sql}
     ORDER BY ${key} ${descending ? 'DESC' : 'ASC'} NULLS LAST, ${orderSql.name}, d.id LIMIT ? OFFSET ?`,
    ...values,
    query.limit,
    query.offset,
  )
  const rows = await db.$queryRawUnsafe<ListRow[]>(
    `${listSql} WHERE d.id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids.map(({ id }) => id)),
  )
  const known = new Map(rows.map((row) => [row.id, deviceRow(row)]))
  return ids.flatMap(({ id }) => known.get(id) ?? [])
}

async function latestOf(db: Transaction, nums: number[]): Promise<Map<number, Latest>> {
  const rows = await db.$queryRawUnsafe<LatestRow[]>(
    `WITH wanted AS MATERIALIZED (SELECT value AS device FROM json_each(?)) ${latestSql('wanted')}`,
    JSON.stringify(nums),
  )
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
function latestSql(wanted: 'wanted' | ''): string {
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

/** What a query does not ask of a table costs nothing: SQLite leaves out a left join that nothing reads. */
export const fromSql = `FROM Device d LEFT JOIN Presence p ON p.deviceId = d.id LEFT JOIN Sync s ON s.deviceId = d.id
  LEFT JOIN Report r ON r.id = d.reportId`

export const presenceSql = `ifnull(p.state, 'unseen')`

/** `syncOf` of the fleet, in SQL; the test of this file holds the two together. */
export const syncSql = `CASE WHEN d.reportId IS NULL THEN 'unknown' WHEN ifnull(s.assignedRevision, 0) = 0 THEN 'registered'
  WHEN s.revisionApplied > s.assignedRevision THEN 'failed'
  WHEN s.revisionApplied = s.assignedRevision THEN 'in-sync' WHEN s.failureCode IS NULL OR s.revisionSeen < s.assignedRevision THEN 'pending' ELSE 'failed' END`

/** The place of each word in a list; what is not in it comes after. */
const rank = (sql: string, words: string[]) =>
  `CASE ${sql} ${words.map((word, i) => `WHEN '${word}' THEN ${i}`).join(' ')} ELSE ${words.length} END`

const fact = (path: string) => `json_extract(r.body, '$.facts.${path}')`

const presenceRank = rank(presenceSql, ['lost', 'disconnected', 'unseen', 'sleeping'])
const syncRank = rank(syncSql, ['failed', 'pending', 'unknown', 'registered'])
const orderSql: Record<DeviceOrder, string> = {
  attention: `CASE WHEN p.state = 'lost' THEN 0 WHEN p.state = 'disconnected' THEN 1
    WHEN ${syncSql} = 'failed' THEN 2 WHEN ${syncSql} = 'pending' THEN 3 WHEN p.state IS NULL THEN 4 ELSE 5 END`,
  name: 'd.name COLLATE NOCASE',
  presence: presenceRank,
  sync: syncRank,
  board: `ifnull(${fact('board.model')}, ${fact('cpu.model')})`,
  memory: fact('memory.totalBytes'),
  os: fact('os.name'),
  cpu: 'l.cpuBusy',
  temperature: 'l.temperatureC',
  sample: 'l.atMs',
  enrolled: 'd.createdAt',
}
const figureOrders: DeviceOrder[] = ['cpu', 'temperature', 'sample']

/** JSON of the numbers of the devices in which every word occurs; null when there are no words. */
type Named = string | null

/**
 * Looks into the reports, which costs more than all the rest of a page, and therefore once. `instr` and not LIKE, whose
 * signs a person may mean as they are.
 */
async function numsNamed(db: Transaction, text: string): Promise<Named> {
  const words = text.split(/\s+/).filter(Boolean)
  if (words.length === 0) return null
  const rows = await db.$queryRawUnsafe<{ num: number }[]>(
    `SELECT num FROM (SELECT d.num, ${haystackSql} AS haystack ${fromSql})
     WHERE ${words.map(() => 'instr(haystack, lower(?)) > 0').join(' AND ')}`,
    ...words,
  )
  return JSON.stringify(rows.map(({ num }) => num))
}

const haystackSql = `lower(concat_ws(' ', d.name, d.id, ${fact('board.model')}, ${fact('cpu.model')}, ${fact('os.name')},
  ${fact('os.version')}, json_extract(r.body, '$.agentVersion')))`

function where({ presence, sync, revoked }: DeviceQuery, named: Named): { sql: string; values: string[] } {
  const parts = [
    ...(revoked === 'with' ? [] : [`d.revokedAt IS ${revoked === 'only' ? 'NOT NULL' : 'NULL'}`]),
    ...(named ? ['d.num IN (SELECT value FROM json_each(?))'] : []),
    ...(presence ? [`${presenceSql} = ?`] : []),
    ...(sync ? [`${syncSql} = ?`] : []),
  ]
  const values = [named, presence, sync].filter((value) => value !== null)
  return { sql: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', values }
}

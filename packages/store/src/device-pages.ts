import type { HealthCode, SyncState } from '@tradewind/fleet'
import type { Labels, PresenceState } from '@tradewind/protocol'
import type { Database, Transaction } from './database'
import type { fleetRows } from './fleet-rows'
import { latestSql } from './latest'
import type { DeviceOrder, FleetRow } from './model'
import { hasProblemSql } from './problems'

/** `unseen`: enrolled, but never connected. */
export type ListedPresence = PresenceState | 'unseen'

/** Which devices, and which part of them. Null and `''` want all. */
export type DeviceQuery = {
  /** each word must occur in its name, id, board, CPU, system or agent version; the case of A to Z does not matter */
  text: string
  presence: ListedPresence | null
  sync: SyncState | null
  revoked: 'without' | 'only' | 'with'
  /** it must have all of these; left out: whatever it has */
  labels?: Labels | undefined
  deviceClass?: string | undefined
  /** it serves one of these, as it says itself */
  builds?: string[] | undefined
  /** it has a problem of this code now */
  problem?: HealthCode | undefined
  order: { by: DeviceOrder; descending: boolean }
  offset: number
  limit: number
}

export type DevicePage = {
  devices: FleetRow[]
  /** how many the query wants, on all pages */
  total: number
  /** how many there would be with another presence, or another sync, and all else as asked */
  byPresence: Partial<Record<ListedPresence, number>>
  bySync: Partial<Record<SyncState, number>>
}

export const devicePages = (db: Database, rows: ReturnType<typeof fleetRows>) => ({
  /**
   * A page of the devices, in an order that is whole: what is equal goes by name, then by id, and unknown comes last.
   * Only its own devices are read in full, so that a page of ten thousand costs little more than a page of ten.
   */
  async pageOfDevices(query: DeviceQuery): Promise<DevicePage> {
    const named = await numsNamed(db, query.text)
    const tallies = await tally(db, query, named)
    const ids = await idsOf(db, query, named)
    const wanted = tallies.filter((one) => hasPresence(one, query) && hasSync(one, query))
    return {
      devices: await rows.fleetRows(ids),
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

  /** The ids of all devices that the query wants, in its order, however many it wants on a page. */
  async idsOfDevices(query: Omit<DeviceQuery, 'offset' | 'limit'>): Promise<string[]> {
    return idsOf(db, { ...query, offset: 0, limit: -1 }, await numsNamed(db, query.text))
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

async function idsOf(db: Transaction, query: DeviceQuery, named: Named): Promise<string[]> {
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
  return ids.map(({ id }) => id)
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
  serving: `s.serving->>'$.label'`,
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

type Part = { sql: string; values: (string | number)[] }

function where(query: DeviceQuery, named: Named): Part {
  const parts = [...partsOf(query, named)]
  const sql = parts.map((part) => part.sql).join(' AND ')
  return { sql: sql && `WHERE ${sql}`, values: parts.flatMap(({ values }) => values) }
}

function* partsOf({ presence, sync, revoked, labels, deviceClass, builds, problem }: DeviceQuery, named: Named) {
  const part = (sql: string, ...values: Part['values']): Part => ({ sql, values })
  if (revoked !== 'with') yield part(`d.revokedAt IS ${revoked === 'only' ? 'NOT NULL' : 'NULL'}`)
  if (named !== null) yield part('d.num IN (SELECT value FROM json_each(?))', named)
  if (presence) yield part(`${presenceSql} = ?`, presence)
  if (sync) yield part(`${syncSql} = ?`, sync)
  for (const [name, value] of Object.entries(labels ?? {}))
    yield part('d.id IN (SELECT deviceId FROM Label WHERE name = ? AND value = ?)', name, value)
  if (deviceClass) yield part('r.deviceClass = ?', deviceClass)
  if (builds) yield part(`s.serving->>'$.build' IN (SELECT value FROM json_each(?))`, JSON.stringify(builds))
  if (problem) yield part(hasProblemSql, problem)
}

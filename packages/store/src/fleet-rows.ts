import { type HealthCode, syncOf } from '@tradewind/fleet'
import type { Labels, PresenceState, ServingState } from '@tradewind/protocol'
import type { Database } from './database'
import { latestOf } from './latest'
import type { FleetRow } from './model'

/**
 * All that a table shows of devices. What a capability report says is looked up in its JSON once and then known, because
 * a report never changes: of ten thousand devices the rest is read in a fraction of the time.
 */
export function fleetRows(db: Database) {
  const told = new Map<string, Told>()
  return {
    /** Of these devices, in their order; or of all, the revoked too, by name. */
    async fleetRows(ids?: string[]): Promise<FleetRow[]> {
      const rows = await db.$queryRawUnsafe<BareRow[]>(
        `${bareSql} ${ids ? 'WHERE d.id IN (SELECT value FROM json_each(?))' : ''} ORDER BY d.name COLLATE NOCASE, d.id`,
        ...(ids ? [JSON.stringify(ids)] : []),
      )
      await learn(db, told, rows)
      if (!ids) forget(told, rows)
      const more = await moreOf(db, ids ? rows.map(({ id }) => id) : null)
      const latest = await latestOf(db, ids ? rows.map(({ num }) => num) : null)
      const all = rows.map((row) => ({
        ...rowOf(row, row.reportId ? told.get(row.reportId) : undefined),
        labels: more.labels.get(row.id) ?? {},
        problems: more.problems.get(row.id) ?? [],
        latest: latest.get(row.num) ?? null,
      }))
      if (!ids) return all
      const known = new Map(all.map((row) => [row.id, row]))
      return ids.flatMap((id) => known.get(id) ?? [])
    },
  }
}

type BareRow = {
  id: string
  num: number
  name: string
  createdAt: Date
  revokedAt: Date | null
  reportId: string | null
  state: PresenceState | null
  since: Date | null
  assignedRevision: number | null
  revisionSeen: number | null
  revisionApplied: number | null
  failureCode: string | null
  build: string | null
  label: string | null
  demo: bigint | number | null
  serves: ServingState | null
}

const bareSql = `SELECT d.id, d.num, d.name, d.createdAt, d.revokedAt, d.reportId, p.state, p.since,
    s.assignedRevision, s.revisionSeen, s.revisionApplied, s.failureCode,
    s.serving->>'$.build' AS build, s.serving->>'$.label' AS label, s.serving->>'$.demo' AS demo,
    s.serving->>'$.state' AS serves
  FROM Device d LEFT JOIN Presence p ON p.deviceId = d.id LEFT JOIN Sync s ON s.deviceId = d.id`

/** What a report says, as far as a table shows it. */
type Told = Pick<FleetRow, 'deviceClass' | 'board' | 'cpu' | 'cores' | 'memoryBytes' | 'os' | 'agentVersion'>

const nothing: Told = {
  deviceClass: null,
  board: null,
  cpu: null,
  cores: null,
  memoryBytes: null,
  os: null,
  agentVersion: null,
}

function rowOf(row: BareRow, report: Told | undefined): Omit<FleetRow, 'labels' | 'problems' | 'latest'> {
  return {
    id: row.id,
    num: row.num,
    name: row.name,
    presence: row.state && row.since ? { state: row.state, sinceMs: +row.since } : null,
    sync: syncOf({
      hasReport: row.reportId !== null,
      assignedRevision: row.assignedRevision ?? 0,
      seenRevision: row.revisionSeen ?? 0,
      appliedRevision: row.revisionApplied ?? 0,
      failureCode: row.failureCode,
    }),
    ...(report ?? nothing),
    serving:
      row.build && row.label && row.serves
        ? { build: row.build, label: row.label, demo: Boolean(row.demo), state: row.serves }
        : null,
    enrolledMs: +row.createdAt,
    revokedMs: row.revokedAt && +row.revokedAt,
  }
}

const fact = (path: string) => `json_extract(r.body, '$.facts.${path}')`

async function learn(db: Database, told: Map<string, Told>, rows: BareRow[]) {
  const unknown = rows.flatMap(({ reportId }) => (reportId && !told.has(reportId) ? [reportId] : []))
  if (unknown.length === 0) return
  const reports = await db.$queryRawUnsafe<(Told & { id: string; osVersion: string | null })[]>(
    `SELECT r.id, r.deviceClass, json_extract(r.body, '$.agentVersion') AS agentVersion,
       ${fact('board.model')} AS board, ${fact('cpu.model')} AS cpu,
       CAST(${fact('cpu.logicalCores')} AS REAL) AS cores, CAST(${fact('memory.totalBytes')} AS REAL) AS memoryBytes,
       ${fact('os.name')} AS os, ${fact('os.version')} AS osVersion
     FROM Report r WHERE r.id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(unknown),
  )
  for (const { id, os, osVersion, ...report } of reports)
    told.set(id, { ...report, os: os && [os, osVersion].filter(Boolean).join(' ') })
}

/** Reports that were replaced. */
function forget(told: Map<string, Told>, rows: BareRow[]) {
  const current = new Set(rows.map(({ reportId }) => reportId))
  for (const id of told.keys()) if (!current.has(id)) told.delete(id)
}

/** Gathered by SQLite, because each row that crosses over costs more than what is in it. */
async function moreOf(db: Database, ids: string[] | null) {
  const values = ids ? [JSON.stringify(ids)] : []
  const isWanted = ids ? 'deviceId IN (SELECT value FROM json_each(?))' : 'true'
  const labels = await gathered<Labels>(
    db,
    `SELECT deviceId, json_group_object(name, value) AS body FROM Label WHERE ${isWanted} GROUP BY deviceId`,
    values,
  )
  const problems = await gathered<HealthCode[]>(
    db,
    `SELECT deviceId, json_group_array(DISTINCT code ORDER BY code) AS body FROM Problem
     WHERE endedAt IS NULL AND ${isWanted} GROUP BY deviceId`,
    values,
  )
  return { labels, problems }
}

async function gathered<T>(db: Database, sql: string, values: string[]): Promise<Map<string, T>> {
  const rows = await db.$queryRawUnsafe<{ deviceId: string; body: string }[]>(sql, ...values)
  return new Map(rows.map(({ deviceId, body }) => [deviceId, JSON.parse(body) as T]))
}

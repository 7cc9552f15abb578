import {
  agedTo,
  type FleetProblem,
  type HealthCode,
  type HealthProblem,
  healthCodes,
  severities,
} from '@tradewind/fleet'
import type { Rollout } from '@tradewind/protocol'
import { type Actor, audit } from './audit'
import { type Database, type Transaction, transact } from './database'
import { newId } from './ids'
import { type ProblemGroup, type ProblemRow, type ProblemState, problemStates } from './model'

/** What the hub found since it looked last. Of one device, code and `about` at most one has not ended. */
export type ProblemChanges = {
  nowMs: number
  begun: (HealthProblem & { deviceId: string })[]
  /** `isWorse`: who acknowledged it knew of less */
  changed: (Pick<HealthProblem, 'code' | 'about' | 'severity' | 'numbers'> & { deviceId: string; isWorse: boolean })[]
  ended: (Pick<HealthProblem, 'code' | 'about'> & { deviceId: string })[]
}

/** Which problems, and which part of them; null wants all. `open`: all that have not ended. */
export type ProblemQuery = {
  state: ProblemState | 'open'
  code: HealthCode | null
  severity: HealthProblem['severity'] | null
  deviceId: string | null
  nowMs: number
  offset: number
  limit: number
}

export type ProblemPage = {
  problems: ProblemRow[]
  /** how many the query wants, on all pages */
  total: number
  /** how many there would be in another state, and all else as asked */
  byState: Record<ProblemState, number>
}

/** For `Device d` in the queries of other tables: it has a problem of a code, which is the one value, that has not ended. */
export const hasProblemSql = 'd.id IN (SELECT deviceId FROM Problem WHERE endedAt IS NULL AND code = ?)'

export const problems = (db: Database) => ({
  /** All that have not ended, as the hub said them last: where its health begins after a restart. */
  async openProblems(): Promise<(HealthProblem & { deviceId: string })[]> {
    const rows = await db.problem.findMany({ where: { endedAt: null } })
    return rows.map((row) => ({ ...healthOf(row), deviceId: row.deviceId }))
  },

  /** What begins is silent for as long as the same was silenced when it ended. */
  keepProblems: ({ nowMs, begun, changed, ended }: ProblemChanges): Promise<void> =>
    transact(db, async (tx) => {
      await end(tx, nowMs, ended)
      await change(tx, changed)
      await begin(tx, nowMs, begun)
    }),

  /** The most urgent first; what has ended, the last that ended first. */
  async pageOfProblems(query: ProblemQuery): Promise<ProblemPage> {
    const { sql, values } = where(query)
    const states = await db.$queryRawUnsafe<{ state: ProblemState; problems: bigint }[]>(
      `SELECT state, count(*) AS problems FROM (${listed('true')}) p ${sql} GROUP BY 1`,
      query.nowMs,
      ...values,
    )
    const byState = Object.fromEntries(problemStates.map((state) => [state, 0])) as ProblemPage['byState']
    for (const { state, problems } of states) byState[state] = Number(problems)
    const isOpen = query.state !== 'ended'
    const rows = await db.$queryRawUnsafe<ListedRow[]>(
      `SELECT * FROM (${listed(`p.endedAt IS ${isOpen ? '' : 'NOT '}NULL`)}) p ${sql}
        ${query.state === 'open' ? '' : `${sql ? 'AND' : 'WHERE'} state = '${query.state}'`}
       ORDER BY ${isOpen ? urgencySql : 'endedAt DESC, id'} LIMIT ? OFFSET ?`,
      query.nowMs,
      ...values,
      query.limit,
      query.offset,
    )
    const { ended, ...open } = byState
    const total = query.state === 'open' ? Object.values(open).reduce((sum, one) => sum + one, 0) : byState[query.state]
    return { problems: rows.map((row) => problemRow(row, query.nowMs)), total, byState }
  },

  /** What waits for people, one entry for each code, the most urgent first; and how many problems are known or silent. */
  async problemGroups(nowMs: number): Promise<{ groups: ProblemGroup[]; acknowledged: number; silenced: number }> {
    const rows = await db.$queryRawUnsafe<(ListedRow & { devices: bigint; oldest: number | bigint; place: bigint })[]>(
      `WITH open AS (SELECT * FROM (${listed('p.endedAt IS NULL')}) p WHERE state = 'waiting'),
         grouped AS (SELECT code, count(DISTINCT deviceId) AS devices, CAST(min(since) AS INTEGER) AS oldest
           FROM open GROUP BY code)
       SELECT * FROM (SELECT p.*, g.devices, g.oldest,
           row_number() OVER (PARTITION BY p.code ORDER BY ${urgencySql}) AS place
         FROM open p JOIN grouped g ON g.code = p.code) p WHERE place <= ${namedOfGroup} ORDER BY ${urgencySql}`,
      nowMs,
    )
    const codes = [...new Set(rows.map(({ code }) => code))]
    const groups = codes.map((code) => {
      const those = rows.filter((row) => row.code === code)
      const [worst] = those as [(typeof those)[number], ...typeof those]
      const first = those.map((row) => problemRow(row, nowMs))
      return {
        ...{ code: code as HealthCode, severity: worst.severity as ProblemGroup['severity'] },
        ...{ sinceMs: Number(worst.oldest), devices: Number(worst.devices), first },
      }
    })
    const [known] = await db.$queryRawUnsafe<{ acknowledged: bigint; silenced: bigint }[]>(
      `SELECT count(*) FILTER (WHERE state = 'acknowledged') AS acknowledged,
        count(*) FILTER (WHERE state = 'silenced') AS silenced FROM (${listed('p.endedAt IS NULL')})`,
      nowMs,
    )
    return { groups, acknowledged: Number(known?.acknowledged ?? 0), silenced: Number(known?.silenced ?? 0) }
  },

  /** What needs a person and is not wrong with one device, read from what it is about; the most urgent first. */
  async fleetProblems(): Promise<FleetProblem[]> {
    return [...(await pausedRollouts(db)), ...(await unplacedDevices(db)), ...(await parkedDevices(db))]
  },

  /** People know of these. Returns the ids of those that were open and not acknowledged. */
  acknowledgeProblems: (ids: string[], note: string | null, actor: Actor): Promise<string[]> =>
    transact(db, async (tx) => {
      const rows = await tx.problem.findMany({ where: { id: { in: ids }, endedAt: null, acknowledgedAt: null } })
      const data = { acknowledgedAt: new Date(), acknowledgedBy: actor, ...(note !== null && { note }) }
      await tx.problem.updateMany({ where: { id: { in: rows.map(({ id }) => id) } }, data })
      for (const row of rows) await audit(tx, actor, 'problem-acknowledged', row.deviceId, aboutOf(row, note))
      return rows.map(({ id }) => id)
    }),

  /** Nobody wants to hear of these before `untilMs`; null: they do again. Returns the ids of those that were open. */
  silenceProblems: (ids: string[], untilMs: number | null, note: string | null, actor: Actor): Promise<string[]> =>
    transact(db, async (tx) => {
      const rows = await tx.problem.findMany({
        where: { id: { in: ids }, endedAt: null, ...(untilMs === null && { silencedUntil: { not: null } }) },
      })
      const silencedUntil = untilMs === null ? null : new Date(untilMs)
      const data = { silencedUntil, silencedBy: untilMs === null ? null : actor, ...(note !== null && { note }) }
      await tx.problem.updateMany({ where: { id: { in: rows.map(({ id }) => id) } }, data })
      const action = untilMs === null ? 'problem-unsilenced' : 'problem-silenced'
      for (const row of rows)
        await audit(tx, actor, action, row.deviceId, {
          ...aboutOf(row, note),
          ...(silencedUntil && { until: silencedUntil.toISOString() }),
        })
      return rows.map(({ id }) => id)
    }),

  /** Forgets what ended before. */
  async dropProblems(beforeMs: number): Promise<number> {
    const where = { endedAt: { lt: new Date(beforeMs) } }
    const { count } = await transact(db, (tx) => tx.problem.deleteMany({ where }))
    return count
  },
})

const namedOfGroup = 3

const aboutOf = ({ code, about }: { code: string; about: string | null }, note: string | null) => ({
  code,
  ...(about !== null && { about }),
  ...(note !== null && { note }),
})

const rank = (sql: string, words: readonly string[]) =>
  `CASE ${sql} ${words.map((word, i) => `WHEN '${word}' THEN ${i}`).join(' ')} ELSE ${words.length} END`

/** As `problemsOf` of fleet orders the problems of one device. */
const urgencySql = `${rank('p.severity', severities)}, ${rank('p.code', healthCodes)}, p.since, p.id`

/** What lists show; its one value is now. */
const listed = (which: string) => `SELECT p.*, d.name AS deviceName, CASE WHEN p.endedAt IS NOT NULL THEN 'ended'
    WHEN p.silencedUntil > CAST(? AS INTEGER) THEN 'silenced' WHEN p.acknowledgedAt IS NOT NULL THEN 'acknowledged'
    ELSE 'waiting' END AS state
  FROM Problem p JOIN Device d ON d.id = p.deviceId WHERE ${which}`

function where({ code, severity, deviceId }: ProblemQuery): { sql: string; values: string[] } {
  const wanted = Object.entries({ code, severity, deviceId }).filter(([, value]) => value !== null)
  const sql = wanted.map(([column]) => `p.${column} = ?`).join(' AND ')
  return { sql: sql && `WHERE ${sql}`, values: wanted.map(([, value]) => value as string) }
}

type StoredRow = {
  code: string
  about: string | null
  severity: string
  since: Date
  numbers: unknown
}
type ListedRow = StoredRow & {
  id: string
  deviceId: string
  deviceName: string
  state: ProblemState
  endedAt: Date | null
  acknowledgedAt: Date | null
  acknowledgedBy: string | null
  silencedUntil: Date | null
  silencedBy: string | null
  note: string | null
}

const healthOf = ({ code, about, severity, since, numbers }: StoredRow): HealthProblem => ({
  code: code as HealthCode,
  about,
  severity: severity as HealthProblem['severity'],
  sinceMs: +since,
  numbers: (typeof numbers === 'string' ? JSON.parse(numbers) : numbers) as HealthProblem['numbers'],
})

function problemRow(row: ListedRow, nowMs: number): ProblemRow {
  const { id, deviceId, deviceName, state, endedAt, acknowledgedAt, silencedUntil, note } = row
  const isSilent = silencedUntil !== null && +silencedUntil > nowMs
  return {
    ...agedTo(healthOf(row), endedAt ? +endedAt : nowMs),
    ...{ id, deviceId, deviceName, state, endedMs: endedAt && +endedAt, note },
    acknowledged: acknowledgedAt && { atMs: +acknowledgedAt, by: row.acknowledgedBy ?? '' },
    silenced: isSilent ? { untilMs: +silencedUntil, by: row.silencedBy ?? '' } : null,
  }
}

const isTheOne =
  'Problem.endedAt IS NULL AND Problem.deviceId = one.deviceId AND Problem.code = one.code AND Problem.about IS one.about'
const ones = `(SELECT value->>0 AS deviceId, value->>1 AS code, value->>2 AS about, value->>3 AS severity,
  value->>4 AS numbers, value->>5 AS isWorse FROM json_each(?))`

async function end(tx: Transaction, nowMs: number, ended: ProblemChanges['ended']) {
  if (ended.length === 0) return
  const rows = ended.map(({ deviceId, code, about }) => [deviceId, code, about])
  await tx.$executeRawUnsafe(
    `UPDATE Problem SET endedAt = CAST(? AS INTEGER) FROM ${ones} one WHERE ${isTheOne}`,
    nowMs,
    JSON.stringify(rows),
  )
}

async function change(tx: Transaction, changed: ProblemChanges['changed']) {
  if (changed.length === 0) return
  const rows = changed.map((one) => [
    ...[one.deviceId, one.code, one.about, one.severity, JSON.stringify(one.numbers), one.isWorse ? 1 : 0],
  ])
  await tx.$executeRawUnsafe(
    `UPDATE Problem SET severity = one.severity, numbers = one.numbers,
       acknowledgedAt = iif(one.isWorse, NULL, acknowledgedAt), acknowledgedBy = iif(one.isWorse, NULL, acknowledgedBy)
     FROM ${ones} one WHERE ${isTheOne}`,
    JSON.stringify(rows),
  )
}

async function begin(tx: Transaction, nowMs: number, begun: ProblemChanges['begun']) {
  if (begun.length === 0) return
  const rows = begun.map((one) => [
    ...[one.deviceId, one.code, one.about, one.severity, JSON.stringify(one.numbers)],
    ...[0, newId(), Math.floor(one.sinceMs)],
  ])
  await tx.$executeRawUnsafe(
    `INSERT INTO Problem (id, deviceId, code, about, severity, since, numbers, silencedUntil, silencedBy, note)
     SELECT one.id, one.deviceId, one.code, one.about, one.severity, one.since, one.numbers,
       before.silencedUntil, before.silencedBy, before.note
     FROM (SELECT value->>0 AS deviceId, value->>1 AS code, value->>2 AS about, value->>3 AS severity,
         value->>4 AS numbers, value->>6 AS id, value->>7 AS since FROM json_each(?)) one
       LEFT JOIN Problem before ON before.id = (SELECT p.id FROM Problem p
         WHERE p.deviceId = one.deviceId AND p.code = one.code AND p.about IS one.about
           AND p.silencedUntil > CAST(? AS INTEGER) ORDER BY p.endedAt DESC LIMIT 1)
     WHERE NOT EXISTS (SELECT 1 FROM Problem WHERE ${isTheOne})`,
    JSON.stringify(rows),
    nowMs,
  )
}

async function pausedRollouts(db: Database): Promise<FleetProblem[]> {
  const rows = await db.$queryRaw<{ id: string; workloadId: string | null; pause: string | null; members: bigint }[]>`
    SELECT id, workloadId, json_extract(body, '$.pause') AS pause, json_array_length(body, '$.members') AS members
    FROM Rollout WHERE state = 'paused'`
  const paused = rows.map(({ id, workloadId, pause, members }): FleetProblem => {
    const { code = null, at = 0 } = (JSON.parse(pause ?? 'null') as Rollout['pause']) ?? {}
    const about = { code: 'rollout-paused' as const, rolloutId: id, workloadId, reason: code, devices: Number(members) }
    return { ...about, severity: code === 'by-person' ? 'notice' : 'critical', sinceMs: at }
  })
  return paused.toSorted((a, b) => a.sinceMs - b.sinceMs)
}

async function unplacedDevices(db: Database): Promise<FleetProblem[]> {
  const rows = await db.$queryRaw<
    { kind: 'refused' | 'unresolved' | 'tie'; workloadId: string | null; devices: bigint; since: bigint }[]
  >`SELECT u.kind, u.workloadId, count(*) AS devices, CAST(min(u.at) AS INTEGER) AS since
    FROM Unplaced u JOIN Device d ON d.id = u.deviceId WHERE d.revokedAt IS NULL GROUP BY 1, 2 ORDER BY since`
  return rows.map(({ devices, since, ...row }) => ({
    ...{ code: 'unplaced' as const, severity: 'warning' as const, ...row },
    ...{ devices: Number(devices), sinceMs: Number(since) },
  }))
}

async function parkedDevices(db: Database): Promise<FleetProblem[]> {
  const where = { refusedAt: null }
  const { _count: devices, _min } = await db.parked.aggregate({ where, _count: true, _min: { firstAt: true } })
  if (devices === 0 || !_min.firstAt) return []
  return [{ code: 'parked', severity: 'notice', devices, sinceMs: +_min.firstAt }]
}

import type { Decision } from '@tradewind/fleet'
import type { Assignment, Baseline, HoldOptions, ResolvedBuild, SmokeTest } from '@tradewind/protocol'
import type { Actor } from './audit'
import { type Database, type Transaction, transact } from './database'
import { newId } from './ids'
import type { AssignmentCause, AssignmentRow, BaselineRow } from './model'

/** What a device is to serve from now on: all of an assignment but its numbers. */
export type NewAssignment = {
  deviceId: string
  workload: { id: string; version: number } | null
  build: ResolvedBuild
  options: HoldOptions
  smoke: SmokeTest
  decision: Decision | null
}
export type AssignedBy = { actor: Actor; cause: AssignmentCause; rolloutId?: string; atMs: number }
export type Assigned = { deviceId: string; revision: number; assignment: Assignment }

export const assignments = (db: Database) => ({
  /**
   * Numbers and keeps what devices are to serve, whole or not at all, each above everything that the device was ever
   * told or said that it was told: a hub that was restored from a backup goes on above what it has forgotten. With the
   * cause `first` those are left out that have been assigned something meanwhile. Proposals for them are settled.
   */
  assign: (list: NewAssignment[], by: AssignedBy): Promise<Assigned[]> =>
    transact(db, async (tx) => {
      const rows = list.map(({ deviceId, workload, build, options, smoke }) => {
        const body = { deviceId, at: by.atMs, workload: workload?.id ?? null, build, options, smoke }
        return [deviceId, workload?.id, workload?.version, build.id, JSON.stringify(body)]
      })
      const made = await insert(tx, by, JSON.stringify(rows), asGiven)
      await keepDecisions(tx, made, list)
      return made
    }),

  /** The same again, with the engine started anew. Devices that nothing is assigned to are left out. */
  restart: (deviceIds: string[], { actor, atMs }: Pick<AssignedBy, 'actor' | 'atMs'>): Promise<Assigned[]> =>
    transact(db, (tx) => insert(tx, { actor, atMs, cause: 'restart' }, JSON.stringify(deviceIds), asBefore)),

  /** What each was assigned by that revision, under a new one. Those that never had it are left out. */
  assignAgain: (list: { deviceId: string; revision: number }[], by: AssignedBy): Promise<Assigned[]> =>
    transact(db, (tx) =>
      insert(tx, by, JSON.stringify(list.map(({ deviceId, revision }) => [deviceId, revision])), asOnce),
    ),

  /** What is assigned to each of them now. */
  async assigned(deviceIds: string[]): Promise<Assigned[]> {
    const rows = await db.$queryRaw<{ deviceId: string; revision: bigint; body: string }[]>`
      SELECT deviceId, max(revision) AS revision, CAST(body AS TEXT) AS body FROM Assignment
      WHERE deviceId IN (SELECT value FROM json_each(${JSON.stringify(deviceIds)})) GROUP BY deviceId`
    return rows.map(assignedOf)
  },

  /** All that was ever assigned to a device, the newest first. */
  async assignments(deviceId: string, limit = 100): Promise<AssignmentRow[]> {
    const rows = await db.assignment.findMany({ where: { deviceId }, orderBy: { revision: 'desc' }, take: limit })
    return rows.map(({ at, body, decision, cause, ...row }) => ({
      ...row,
      atMs: +at,
      cause: cause as AssignmentCause,
      assignment: body as unknown as Assignment,
      decision: decision as unknown as Decision | null,
    }))
  },

  /** The same without the decisions, which are ten times as long. */
  async assignmentsMade(deviceId: string, limit: number): Promise<Omit<AssignmentRow, 'decision'>[]> {
    const asked = { where: { deviceId }, orderBy: { revision: 'desc' }, take: limit, omit: { decision: true } } as const
    const rows = await db.assignment.findMany(asked)
    return rows.map(({ at, body, ...row }) => ({
      ...row,
      atMs: +at,
      cause: row.cause as AssignmentCause,
      assignment: body as unknown as Assignment,
    }))
  },

  /** What canaries answered, for each build and class of devices. */
  async baselines(): Promise<BaselineRow[]> {
    const rows = await db.baseline.findMany()
    return rows.map(({ at, body, ...row }) => ({ ...row, atMs: +at, baseline: body as unknown as Baseline }))
  },
})

/** Where the new rows come from; `last` is what was assigned to a device before. */
const asGiven = `SELECT value->>0 AS deviceId, value->>1 AS workloadId, value->>2 AS workloadVersion, value->>3 AS build,
    value->>4 AS body, NULL AS decision, 0 AS again FROM by, json_each(by.given)`
const asBefore = `SELECT last.deviceId, last.workloadId, last.workloadVersion, last.build, last.body, last.decision, 1 AS again
  FROM by, json_each(by.given) AS asked JOIN Assignment AS last ON last.deviceId = asked.value
  WHERE last.revision = (SELECT max(revision) FROM Assignment WHERE deviceId = asked.value)`

const asOnce = `SELECT old.deviceId, old.workloadId, old.workloadVersion, old.build, old.body, old.decision, 0 AS again
  FROM by, json_each(by.given) AS asked
  JOIN Assignment AS old ON old.deviceId = asked.value->>0 AND old.revision = asked.value->>1`

const insertSql = (source: string) => `
  WITH by AS (SELECT ? AS given, CAST(? AS INTEGER) AS atMs, ? AS actor, ? AS cause, ? AS rolloutId)
  INSERT INTO Assignment (deviceId, revision, at, actor, cause, rolloutId, workloadId, workloadVersion, build, body, decision)
  SELECT new.deviceId, new.revision, atMs, actor, cause, rolloutId, new.workloadId, new.workloadVersion, new.build,
    json_set(new.body, '$.revision', new.revision, '$.at', atMs, '$.restart', new.again + ifnull(new.restart, 0)), new.decision
  FROM (
    SELECT given.*, last.body ->> '$.restart' AS restart, last.revision AS lastRevision,
      max(ifnull(last.revision, 0), ifnull(s.assignedRevision, 0), ifnull(s.revisionSeen, 0), ifnull(s.revisionApplied, 0)) + 1
        AS revision
    FROM (${source}) AS given JOIN Device d ON d.id = given.deviceId
      LEFT JOIN Sync s ON s.deviceId = given.deviceId
      LEFT JOIN Assignment last ON last.deviceId = given.deviceId
        AND last.revision = (SELECT max(revision) FROM Assignment WHERE deviceId = given.deviceId)
    WHERE d.revokedAt IS NULL
  ) AS new, by
  WHERE cause <> 'first' OR new.lastRevision IS NULL
  RETURNING deviceId, revision, CAST(body AS TEXT) AS body`

async function insert(tx: Transaction, by: AssignedBy, given: string, source: string): Promise<Assigned[]> {
  const { atMs, actor, cause, rolloutId = null } = by
  const made = await tx.$queryRawUnsafe<{ deviceId: string; revision: bigint; body: string }[]>(
    insertSql(source),
    ...[given, atMs, actor, cause, rolloutId],
  )
  const all = made.map(assignedOf)
  const numbers = JSON.stringify(all.map(({ deviceId, revision }) => [deviceId, revision]))
  await tx.$executeRaw`INSERT INTO Sync (deviceId, assignedRevision, reportedAt)
    SELECT value->>0, value->>1, 0 FROM json_each(${numbers}) WHERE true
    ON CONFLICT (deviceId) DO UPDATE SET assignedRevision = excluded.assignedRevision`
  const settled = JSON.stringify(all.map(({ deviceId }) => deviceId))
  await tx.$executeRaw`DELETE FROM Proposal WHERE deviceId IN (SELECT value FROM json_each(${settled}))`
  const entries = all.map(({ deviceId, revision, assignment }) => {
    const detail = { revision, build: assignment.build.id, cause, ...(rolloutId && { rollout: rolloutId }) }
    return [newId(), atMs, actor, 'assigned', deviceId, JSON.stringify(detail)]
  })
  await tx.$executeRaw`INSERT INTO Audit (id, at, actor, action, target, detail)
    SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 FROM json_each(${JSON.stringify(entries)})`
  return all
}

/** Apart from the rows, because a decision is ten times as long, and SQLite would parse it again for each column. */
async function keepDecisions(tx: Transaction, made: Assigned[], list: NewAssignment[]) {
  const decisions = new Map(list.map(({ deviceId, decision }) => [deviceId, decision]))
  const texts = made.flatMap(({ deviceId }) => {
    const decision = decisions.get(deviceId)
    return decision ? [[deviceId, JSON.stringify(decision)]] : []
  })
  await tx.$executeRaw`UPDATE Assignment SET decision = made.value
    FROM json_each(${JSON.stringify(Object.fromEntries(texts))}) AS made
    WHERE deviceId = made.key AND revision = (SELECT assignedRevision FROM Sync WHERE Sync.deviceId = made.key)`
}

const assignedOf = ({ deviceId, revision, body }: { deviceId: string; revision: bigint; body: string }): Assigned => ({
  deviceId,
  revision: Number(revision),
  assignment: JSON.parse(body) as Assignment,
})

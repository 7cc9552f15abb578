import { rollouts as machine } from '@tradewind/fleet'
import type { BuildSpeed, Rollout, RolloutSummary, RolloutView } from '@tradewind/protocol'
import { type Actor, audit } from './audit'
import { type Database, transact } from './database'
import { insertEvents } from './ingest'
import type { IngestEvent } from './model'

/** What the store knows of a member. Whether it is connected only the hub knows. */
export type StoredObservation = Omit<machine.Observation, 'hereSince'>

/** Why a rollout is written: what people are told of it, and who did it when a person did. */
export type RolloutNote = { event: IngestEvent; actor: Actor | null }

export const rollouts = (db: Database) => ({
  createRollout: (rollout: Rollout, { event, actor }: RolloutNote): Promise<void> =>
    transact(db, async (tx) => {
      const { id, workloadId, state } = rollout
      await tx.rollout.create({
        data: { id, workloadId, state, at: new Date(rollout.at), actor: rollout.actor, body: rollout },
      })
      await insertEvents(tx, [event])
      await audit(tx, actor ?? rollout.actor, event.code, id, { members: rollout.members.length, workload: workloadId })
    }),

  /** The state with what is told of it, whole or not at all; `nowMs` dates its end. */
  saveRollout: (rollout: Rollout, nowMs: number, note: RolloutNote | null): Promise<void> =>
    transact(db, async (tx) => {
      const { id, state } = rollout
      const endedAt = machine.hasEnded(rollout) ? new Date(nowMs) : null
      await tx.rollout.update({ where: { id }, data: { state, endedAt, body: rollout } })
      if (note) await insertEvents(tx, [note.event])
      if (note?.actor) await audit(tx, note.actor, note.event.code, id)
    }),

  /** The newest first. */
  async rollouts(limit = 100): Promise<RolloutSummary[]> {
    const rows = await db.$queryRaw<{ endedAt: Date | null; body: string; outcomes: string }[]>`
      SELECT endedAt, json_remove(body, '$.members', '$.seed') AS body, (
        SELECT json_group_object(outcome, members) FROM (
          SELECT value->>'outcome' AS outcome, count(*) AS members FROM json_each(r.body, '$.members') GROUP BY 1)
        ) AS outcomes
      FROM Rollout r ORDER BY at DESC, id LIMIT ${limit}`
    return rows.map(({ endedAt, body, outcomes: json }) => {
      const outcomes = JSON.parse(json) as RolloutSummary['outcomes']
      const members = Object.values(outcomes).reduce((sum, one) => sum + one, 0)
      return { ...(JSON.parse(body) as Rollout), endedAt: endedAt && +endedAt, members, outcomes }
    })
  },

  async rollout(id: string): Promise<RolloutView | null> {
    const row = await db.rollout.findUnique({ where: { id } })
    if (!row) return null
    const { seed: _, members, ...rollout } = row.body as unknown as Rollout
    const ids = JSON.stringify(members.map(({ deviceId }) => deviceId))
    const named = await db.$queryRaw<{ id: string; name: string }[]>`
      SELECT id, name FROM Device WHERE id IN (SELECT value FROM json_each(${ids}))`
    const names = new Map(named.map(({ id, name }) => [id, name]))
    return {
      ...rollout,
      endedAt: row.endedAt && +row.endedAt,
      outcomes: countBy(members),
      members: members.map((member) => ({ ...member, name: names.get(member.deviceId) ?? member.deviceId })),
    }
  },

  /** The state of one, as the machine left it. */
  async rolloutState(id: string): Promise<Rollout | null> {
    const row = await db.rollout.findUnique({ where: { id }, select: { body: true } })
    return row && (row.body as unknown as Rollout)
  },

  /** All that have not ended, the oldest first. */
  async liveRollouts(): Promise<Rollout[]> {
    const state = { in: ['running', 'paused', 'rolling-back'] }
    const rows = await db.rollout.findMany({ where: { state }, orderBy: [{ at: 'asc' }, { id: 'asc' }] })
    return rows.map(({ body }) => body as unknown as Rollout)
  },

  /** What is known of devices that are to have a build, by device id. */
  async observeMembers(members: { deviceId: string; build: string }[]): Promise<[string, StoredObservation][]> {
    const asked = JSON.stringify(members.map(({ deviceId, build }) => [deviceId, build]))
    const rows = await db.$queryRawUnsafe<SeenRow[]>(seenSql, asked)
    const builds = JSON.stringify([...new Set(members.map(({ build }) => build))])
    const speeds = await db.$queryRawUnsafe<SpeedRow[]>(speedSql, builds)
    const speedOf = machine.classSpeeds(
      speeds.map(({ build, deviceClass, ...row }) => ({ build, deviceClass, ...speed(row) })),
    )
    return rows.map((row) => [row.deviceId, observationOf(row, speedOf)])
  },
})

const countBy = (members: Rollout['members']): RolloutSummary['outcomes'] => {
  const outcomes: RolloutSummary['outcomes'] = {} as RolloutSummary['outcomes']
  for (const { outcome } of members) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  return outcomes
}

type SpeedRow = {
  build: string
  deviceClass: string
  generationPerSecond: number | null
  realTimeFactor: number | null
}
type SeenRow = SpeedRow & {
  deviceId: string
  revokedAt: Date | null
  revision: bigint | null
  made: number | null
  assignedBuild: string | null
  cause: string | null
  rolloutId: string | null
  assignedAt: Date | null
  revisionSeen: number | null
  revisionApplied: number | null
  failureCode: string | null
  seeking: StoredObservation['seeking']
  serving: StoredObservation['serving']
  smoke: StoredObservation['smoke']
}

const figure = (name: string) => `CAST(m.body->>'$.${name}' AS REAL) AS ${name}`
const figures = `${figure('generationPerSecond')}, ${figure('realTimeFactor')}`
const speedSql = `SELECT m.build, m.deviceClass, ${figures} FROM Measurement m
  WHERE m.build IN (SELECT value FROM json_each(?))`
const seenSql = `SELECT d.id AS deviceId, d.revokedAt, a.revision AS made, a.build AS assignedBuild, a.cause, a.rolloutId,
    a.at AS assignedAt, (SELECT max(revision) FROM Assignment WHERE deviceId = d.id) AS revision,
    s.revisionSeen, s.revisionApplied, s.failureCode, s.seeking, s.serving, s.smoke,
    m.build, m.deviceClass, ${figures}
  FROM json_each(?) asked JOIN Device d ON d.id = asked.value->>0
    LEFT JOIN Assignment a ON a.deviceId = d.id AND a.revision =
      (SELECT max(revision) FROM Assignment WHERE deviceId = d.id AND cause <> 'restart')
    LEFT JOIN Sync s ON s.deviceId = d.id
    LEFT JOIN Measurement m ON m.deviceId = d.id AND m.build = asked.value->>1`

function observationOf(row: SeenRow, speedOf: ReturnType<typeof machine.classSpeeds>): StoredObservation {
  const { revision, made, assignedBuild: build, cause, rolloutId, assignedAt } = row
  const isAssigned = revision !== null && made !== null && build !== null && cause !== null && assignedAt !== null
  return {
    isRevoked: row.revokedAt !== null,
    assigned: isAssigned ? { revision: Number(revision), made, build, cause, rolloutId, atMs: +assignedAt } : null,
    revisionSeen: row.revisionSeen ?? 0,
    revisionApplied: row.revisionApplied ?? 0,
    failureCode: row.failureCode,
    seeking: row.seeking,
    serving: row.serving,
    smoke: row.smoke,
    speed: row.build === null ? null : speed(row),
    classSpeed: row.build === null ? null : speedOf(row.build, row.deviceClass),
  }
}

const speed = ({
  generationPerSecond,
  realTimeFactor,
}: Pick<SpeedRow, 'generationPerSecond' | 'realTimeFactor'>): BuildSpeed => ({
  ...(generationPerSecond !== null && { generationPerSecond }),
  ...(realTimeFactor !== null && { realTimeFactor }),
})

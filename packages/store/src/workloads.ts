import type { Workload } from '@tradewind/protocol'
import { type Actor, audit, differenceOf } from './audit'
import { type Database, transact } from './database'
import type { Workload as WorkloadRecord } from './generated/client/client'
import type { WorkloadHold, WorkloadRow } from './model'

/** `workload-exists`: create another id, or change this one. `workload-unknown`: it is not there, or was deleted. */
export type WorkloadOutcome =
  | { ok: true; version: number }
  | { ok: false; code: 'workload-exists' | 'workload-unknown' }

export const workloads = (db: Database) => ({
  async workloads(): Promise<WorkloadRow[]> {
    const rows = await db.workload.findMany({ where: { deletedAt: null }, orderBy: { id: 'asc' } })
    return rows.map(workloadRow)
  },

  async workload(id: string): Promise<WorkloadRow | null> {
    const row = await db.workload.findFirst({ where: { id, deletedAt: null } })
    return row && workloadRow(row)
  },

  /**
   * From now on devices that serve nothing are placed by it; with `rolloutPlan` all that it selects become a rollout. An
   * id that was deleted may be used again.
   */
  createWorkload: (workload: Workload, actor: Actor, rolloutPlan: object | null = null): Promise<WorkloadOutcome> =>
    transact(db, async (tx) => {
      const { id } = workload
      const before = await tx.workload.findUnique({ where: { id } })
      if (before && !before.deletedAt) return { ok: false, code: 'workload-exists' }
      const at = new Date()
      const version = (before?.version ?? 0) + 1
      const placed = rolloutPlan ? { placedVersion: version - 1, rolloutPlan } : { placedVersion: version }
      const row = { version, body: workload, changedAt: at, changedBy: actor, ...placed, deletedAt: null }
      await tx.workload.upsert({ where: { id }, create: { id, createdAt: at, ...row }, update: row })
      await tx.workloadVersion.create({ data: { workloadId: id, version, at, actor, body: workload } })
      await audit(tx, actor, 'workload-created', id, { version })
      return { ok: true, version }
    }),

  /** What serves stays as it is until the hub has rolled the new version out, in the way that `rolloutPlan` says. */
  changeWorkload: (workload: Workload, rolloutPlan: object, actor: Actor): Promise<WorkloadOutcome> =>
    transact(db, async (tx) => {
      const { id } = workload
      const before = await tx.workload.findFirst({ where: { id, deletedAt: null } })
      if (!before) return { ok: false, code: 'workload-unknown' }
      const at = new Date()
      const version = before.version + 1
      await tx.workload.update({
        where: { id },
        data: { version, body: workload, changedAt: at, changedBy: actor, rolloutPlan },
      })
      await tx.workloadVersion.create({ data: { workloadId: id, version, at, actor, body: workload } })
      await audit(tx, actor, 'workload-changed', id, { version, ...differenceOf(before.body as object, workload) })
      return { ok: true, version }
    }),

  /** What each workload has given to how many devices, by their newest assignments; the most frequent build first. */
  async workloadHolds(): Promise<WorkloadHold[]> {
    const rows = await db.$queryRaw<(Omit<WorkloadHold, 'devices'> & { devices: bigint })[]>`
      SELECT a.workloadId, a.build, count(*) AS devices FROM Assignment a JOIN Device d ON d.id = a.deviceId
      WHERE d.revokedAt IS NULL AND a.workloadId IS NOT NULL
        AND a.revision = (SELECT max(revision) FROM Assignment WHERE deviceId = a.deviceId)
      GROUP BY a.workloadId, a.build ORDER BY devices DESC, a.build`
    return rows.map((row) => ({ ...row, devices: Number(row.devices) }))
  },

  /** Devices go on serving what it gave them; nothing more is placed by it. */
  deleteWorkload: (id: string, actor: Actor): Promise<boolean> =>
    transact(db, async (tx) => {
      const { count } = await tx.workload.updateMany({
        where: { id, deletedAt: null },
        data: { deletedAt: new Date() },
      })
      if (count) await audit(tx, actor, 'workload-deleted', id)
      return count === 1
    }),

  /** The hub has made a rollout of this version, or found that nothing changes. */
  workloadPlaced: (id: string, version: number): Promise<void> =>
    transact(db, async (tx) => {
      await tx.workload.updateMany({
        where: { id, placedVersion: { lt: version } },
        data: { placedVersion: version },
      })
    }),
})

const workloadRow = ({ id, version, placedVersion, ...row }: WorkloadRecord): WorkloadRow => ({
  id,
  version,
  placedVersion,
  workload: row.body as unknown as Workload,
  rolloutPlan: row.rolloutPlan as WorkloadRow['rolloutPlan'],
  createdMs: +row.createdAt,
  changedMs: +row.changedAt,
  changedBy: row.changedBy,
})

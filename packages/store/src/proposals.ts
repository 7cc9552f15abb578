import type { Actor } from './audit'
import { audit } from './audit'
import { type Database, type Transaction, transact } from './database'
import type { ProposalRow, UnplacedRow } from './model'

/** What placement found for devices that it looked at, apart from what it assigned. */
export type Findings = {
  atMs: number
  proposed: Pick<ProposalRow, 'deviceId' | 'workloadId' | 'workloadVersion' | 'build' | 'instead' | 'gain'>[]
  unplaced: Omit<UnplacedRow, 'deviceName' | 'atMs'>[]
  /** every device that was looked at: what is known of it and was not found again is dropped */
  looked: string[]
}

export const proposals = (db: Database) => ({
  /** What waits for a person, the oldest first; of these devices, or of all. */
  async proposals(deviceIds?: string[]): Promise<ProposalRow[]> {
    const rows = await db.proposal.findMany({
      where: { dismissedAt: null, device: { revokedAt: null }, ...(deviceIds && { deviceId: { in: deviceIds } }) },
      include: { device: { select: { name: true } } },
      orderBy: [{ at: 'asc' }, { deviceId: 'asc' }],
    })
    return rows.map(({ device, at, dismissedAt, ...row }) => ({
      ...row,
      deviceName: device.name,
      atMs: +at,
      dismissedMs: dismissedAt && +dismissedAt,
    }))
  },

  /** Devices that the workloads which select them cannot be placed on, with codes and numbers, the oldest first. */
  async placementTrouble(): Promise<UnplacedRow[]> {
    const rows = await db.unplaced.findMany({
      where: { device: { revokedAt: null } },
      include: { device: { select: { name: true } } },
      orderBy: [{ at: 'asc' }, { deviceId: 'asc' }],
    })
    return rows.map(({ device, at, kind, detail, ...row }) => ({
      ...row,
      deviceName: device.name,
      atMs: +at,
      kind: kind as UnplacedRow['kind'],
      detail: detail as unknown as UnplacedRow['detail'],
    }))
  },

  /**
   * Keeps what placement found. What a person dismissed is not proposed again in the same words; a proposal or a trouble
   * that no longer holds goes. True when there is anything new for people to see.
   */
  keepFindings: ({ atMs, proposed, unplaced, looked }: Findings): Promise<boolean> =>
    transact(db, async (tx) => {
      const dropped = await dropOthers(tx, 'Proposal', looked, proposed, 'AND dismissedAt IS NULL')
      const settled = await dropOthers(tx, 'Unplaced', looked, unplaced)
      const proposals = proposed.map((p) => [p.deviceId, p.workloadId, p.workloadVersion, p.build, p.instead, p.gain])
      const fresh = await tx.$executeRaw`
        INSERT INTO Proposal (deviceId, at, workloadId, workloadVersion, build, instead, gain)
        SELECT value->>0, ${atMs}, value->>1, value->>2, value->>3, value->>4, value->>5
        FROM json_each(${JSON.stringify(proposals)}) WHERE true
        ON CONFLICT (deviceId) DO UPDATE SET at = excluded.at, workloadId = excluded.workloadId,
          workloadVersion = excluded.workloadVersion, build = excluded.build, instead = excluded.instead,
          gain = excluded.gain, dismissedAt = NULL, dismissedBy = NULL
        WHERE (workloadId, workloadVersion, build) IS NOT
          (excluded.workloadId, excluded.workloadVersion, excluded.build)`
      const troubles = unplaced.map((u) => [
        u.deviceId,
        u.kind,
        u.workloadId,
        u.workloadVersion,
        u.build,
        JSON.stringify(u.detail),
      ])
      const changed = await tx.$executeRaw`
        INSERT INTO Unplaced (deviceId, at, kind, workloadId, workloadVersion, build, detail)
        SELECT value->>0, ${atMs}, value->>1, value->>2, value->>3, value->>4, value->>5
        FROM json_each(${JSON.stringify(troubles)}) WHERE true
        ON CONFLICT (deviceId) DO UPDATE SET
          at = iif((kind, workloadId, build) IS (excluded.kind, excluded.workloadId, excluded.build), at, excluded.at),
          kind = excluded.kind, workloadId = excluded.workloadId, workloadVersion = excluded.workloadVersion,
          build = excluded.build, detail = excluded.detail
        WHERE (kind, workloadId, workloadVersion, build, detail) IS NOT
          (excluded.kind, excluded.workloadId, excluded.workloadVersion, excluded.build, excluded.detail)`
      return dropped + settled + fresh + changed > 0
    }),

  /** Says no to what is proposed to these devices; returns those that had something open. */
  dismissProposals: (deviceIds: string[], actor: Actor): Promise<string[]> =>
    transact(db, async (tx) => {
      const open = await tx.proposal.findMany({ where: { deviceId: { in: deviceIds }, dismissedAt: null } })
      const ids = open.map(({ deviceId }) => deviceId)
      await tx.proposal.updateMany({
        where: { deviceId: { in: ids } },
        data: { dismissedAt: new Date(), dismissedBy: actor },
      })
      for (const { deviceId, build } of open) await audit(tx, actor, 'proposal-dismissed', deviceId, { build })
      return ids
    }),
})

const dropOthers = (
  tx: Transaction,
  table: 'Proposal' | 'Unplaced',
  looked: string[],
  found: { deviceId: string }[],
  and = '',
) =>
  tx.$executeRawUnsafe(
    `DELETE FROM ${table} WHERE deviceId IN (SELECT value FROM json_each(?))
      AND deviceId NOT IN (SELECT value FROM json_each(?)) ${and}`,
    JSON.stringify(looked),
    JSON.stringify(found.map(({ deviceId }) => deviceId)),
  )

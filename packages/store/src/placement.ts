import type { PlacementDevice } from '@tradewind/fleet'
import type { Facts, Labels, Reported, Serving } from '@tradewind/protocol'
import type { Database } from './database'

/** A device as placement sees it, with what it was assigned last. */
export type PlacedDevice = PlacementDevice & {
  id: string
  name: string
  labels: Labels
  assigned: { revision: number; build: string; workloadId: string | null; workloadVersion: number | null } | null
}

export const placement = (db: Database) => ({
  /** All devices that sent a report and were not revoked, or only these. */
  async placedDevices(ids?: string[]): Promise<PlacedDevice[]> {
    const rows = await db.device.findMany({
      where: { revokedAt: null, reportId: { not: null }, ...(ids && { id: { in: ids } }) },
      select: {
        id: true,
        name: true,
        report: { select: { deviceClass: true, body: true } },
        labels: { select: { name: true, value: true } },
        sync: { select: { serving: true, holds: true } },
        assignments: {
          select: { revision: true, build: true, workloadId: true, workloadVersion: true },
          orderBy: { revision: 'desc' },
          take: 1,
        },
      },
      orderBy: { id: 'asc' },
    })
    return rows.flatMap(({ id, name, report, labels, sync, assignments }) => {
      if (!report) return []
      const serving = sync?.serving as Serving | null | undefined
      const holds = sync?.holds as Reported['holds'] | null | undefined
      return {
        id,
        name,
        deviceClass: report.deviceClass,
        facts: (report.body as unknown as { facts: Facts }).facts,
        labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])),
        ...(holds && { holds: new Set(holds) }),
        ...(serving && { serving: { build: serving.build } }),
        assigned: assignments[0] ?? null,
      }
    })
  },
})

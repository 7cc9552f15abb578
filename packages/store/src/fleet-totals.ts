import type { SyncState } from '@tradewind/fleet'
import type { ServingState } from '@tradewind/protocol'
import type { Database } from './database'
import { fromSql, type ListedPresence, presenceSql, syncSql } from './device-pages'

/** How many devices there are of each kind; the revoked are not counted. */
export type FleetTotals = {
  devices: number
  byPresence: Partial<Record<ListedPresence, number>>
  bySync: Partial<Record<SyncState, number>>
  /** what they said that they serve, and how far its engine is: null where nobody can say, as they are not online */
  byBuild: { build: string; demo: boolean; state: ServingState | null; devices: number }[]
  /** the most first; `board` is what one of them says it is */
  byClass: { deviceClass: string; board: string | null; memoryBytes: number | null; devices: number }[]
}

export const fleetTotals = (db: Database) => ({
  async fleetTotals(): Promise<FleetTotals> {
    const axes = await db.$queryRawUnsafe<{ presence: ListedPresence; sync: SyncState; devices: bigint }[]>(
      `SELECT ${presenceSql} AS presence, ${syncSql} AS sync, count(*) AS devices ${fromSql} WHERE d.revokedAt IS NULL
       GROUP BY 1, 2`,
    )
    const builds = await db.$queryRawUnsafe<
      { build: string; demo: bigint; state: ServingState | null; devices: bigint }[]
    >(
      `SELECT s.serving->>'$.build' AS build, s.serving->>'$.demo' AS demo, iif(p.state = 'online', s.serving->>'$.state', NULL) AS state,
         count(*) AS devices
       FROM Sync s JOIN Device d ON d.id = s.deviceId LEFT JOIN Presence p ON p.deviceId = d.id WHERE d.revokedAt IS NULL AND s.serving IS NOT NULL
       GROUP BY 1, 2, 3 ORDER BY devices DESC, build, state`,
    )
    const classes = await db.$queryRawUnsafe<(Class & { reportId: string })[]>(
      `SELECT c.deviceClass, c.devices, ${fact('board.model')} AS board, ${fact('cpu.model')} AS cpu,
         CAST(${fact('memory.totalBytes')} AS REAL) AS memoryBytes
       FROM (SELECT r.deviceClass, count(*) AS devices, min(r.id) AS reportId
         FROM Device d JOIN Report r ON r.id = d.reportId WHERE d.revokedAt IS NULL GROUP BY 1) c
         JOIN Report r ON r.id = c.reportId ORDER BY c.devices DESC, c.deviceClass`,
    )
    return {
      devices: axes.reduce((sum, { devices }) => sum + Number(devices), 0),
      byPresence: sums(axes, 'presence'),
      bySync: sums(axes, 'sync'),
      byBuild: builds.map(({ demo, devices, ...row }) => ({ ...row, demo: Boolean(demo), devices: Number(devices) })),
      byClass: classes.map(({ deviceClass, devices, board, cpu, memoryBytes }) => ({
        ...{ deviceClass, board: board ?? cpu, memoryBytes, devices: Number(devices) },
      })),
    }
  },
})

type Class = {
  deviceClass: string
  devices: bigint
  board: string | null
  cpu: string | null
  memoryBytes: number | null
}

const fact = (path: string) => `json_extract(r.body, '$.facts.${path}')`

function sums<K extends 'presence' | 'sync', Row extends { devices: bigint } & Record<K, string>>(rows: Row[], by: K) {
  const counts: Partial<Record<Row[K], number>> = {}
  for (const row of rows) counts[row[by]] = (counts[row[by]] ?? 0) + Number(row.devices)
  return counts
}

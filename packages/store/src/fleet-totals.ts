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
    const axes = await db.$queryRawUnsafe<Axes[]>(axesSql)
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
      byBuild: buildsOf(axes),
      byClass: classes.map(({ deviceClass, devices, board, cpu, memoryBytes }) => ({
        ...{ deviceClass, board: board ?? cpu, memoryBytes, devices: Number(devices) },
      })),
    }
  },
})

type Axes = {
  presence: ListedPresence
  sync: SyncState
  build: string | null
  demo: bigint | null
  state: ServingState | null
  devices: bigint
}

/** All at once, because going through the devices costs more than telling more of them apart. */
const axesSql = `SELECT ${presenceSql} AS presence, ${syncSql} AS sync, s.serving->>'$.build' AS build,
    s.serving->>'$.demo' AS demo, iif(p.state = 'online', s.serving->>'$.state', NULL) AS state, count(*) AS devices
  ${fromSql} WHERE d.revokedAt IS NULL GROUP BY 1, 2, 3, 4, 5`

function buildsOf(axes: Axes[]): FleetTotals['byBuild'] {
  const builds = new Map<string, FleetTotals['byBuild'][number]>()
  for (const { build, demo, state, devices } of axes) {
    if (build === null) continue
    const before = builds.get(`${build} ${state}`)?.devices ?? 0
    builds.set(`${build} ${state}`, { build, demo: Boolean(demo), state, devices: before + Number(devices) })
  }
  return [...builds.values()].toSorted((a, b) => b.devices - a.devices || (nameOf(a) < nameOf(b) ? -1 : 1))
}

const nameOf = ({ build, state }: FleetTotals['byBuild'][number]) => `${build} ${state ?? ''}`

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

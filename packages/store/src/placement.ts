import type { PlacementDevice } from '@tradewind/fleet'
import {
  type Assignment,
  type BuildMeasured,
  bytesOf,
  type Facts,
  type HoldOptions,
  type Labels,
  type Reported,
  type Serving,
} from '@tradewind/protocol'
import type { Database } from './database'

/** A device as placement sees it, with what it was assigned last. */
export type PlacedDevice = PlacementDevice & {
  id: string
  name: string
  labels: Labels
  assigned: {
    revision: number
    build: string
    workloadId: string | null
    workloadVersion: number | null
    options: HoldOptions
  } | null
}

/** What people changed since that bears on placement: everything, or the labels of some devices. */
export type PlacementNews = { through: number; everything: boolean; deviceIds: string[] }

export const placement = (db: Database) => ({
  /** Reads the audit on from `after`: each change is in the transaction of its entry, so none is missed. */
  async placementNews(after: number): Promise<PlacementNews> {
    const rows = await db.$queryRaw<{ place: bigint; action: string; target: string }[]>`
      SELECT rowid AS place, action, target FROM Audit WHERE rowid > ${after} ORDER BY rowid`
    const changes = (action: string) => rows.filter((row) => row.action === action)
    return {
      through: Number(rows.at(-1)?.place ?? after),
      everything: rows.some(({ action }) => action.startsWith('workload-') || action.startsWith('catalogue-')),
      deviceIds: changes('labels-set').map(({ target }) => target),
    }
  },

  /** Ids of all devices that sent a report and were not revoked, or of those of these classes. */
  async placedIds(deviceClasses?: string[]): Promise<string[]> {
    const rows = await db.device.findMany({
      where: { revokedAt: null, report: deviceClasses ? { deviceClass: { in: deviceClasses } } : { isNot: null } },
      select: { id: true },
      orderBy: { id: 'asc' },
    })
    return rows.map(({ id }) => id)
  },

  /** All devices that sent a report and were not revoked, or only these. */
  async placedDevices(ids?: string[]): Promise<PlacedDevice[]> {
    if (ids) return (await Promise.all(inPieces(ids).map((some) => placedAmong(db, { in: some })))).flat()
    const found: PlacedDevice[] = []
    for (;;) {
      const piece = await placedAmong(db, { gt: found.at(-1)?.id ?? '' })
      found.push(...piece)
      if (piece.length < atOnce) return found
    }
  },
})

/** Prisma asks for the newest row of a relation by all ids at once, and its driver takes 999 of them. */
const atOnce = 500

const inPieces = (ids: string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / atOnce) }, (_, i) => ids.slice(i * atOnce, (i + 1) * atOnce))

/** The first of these, in the order of their ids: as many as may be asked for at once. */
async function placedAmong(db: Database, id: { in: string[] } | { gt: string }): Promise<PlacedDevice[]> {
  const rows = await db.device.findMany({
    where: { revokedAt: null, reportId: { not: null }, id },
    select: {
      id: true,
      name: true,
      report: { select: { deviceClass: true, body: true } },
      labels: { select: { name: true, value: true } },
      sync: { select: { serving: true, holds: true } },
      measured: { select: { build: true, body: true } },
      assignments: {
        select: { revision: true, build: true, workloadId: true, workloadVersion: true, body: true },
        orderBy: { revision: 'desc' },
        take: 1,
      },
    },
    orderBy: { id: 'asc' },
    take: atOnce,
  })
  return rows.flatMap(({ id, name, report, labels, sync, measured, assignments: [last] }) => {
    if (!report) return []
    const assigned = last ? assignedOf(last) : null
    const holds = sync?.holds as Reported['holds'] | null | undefined
    const serving = servingOf(sync?.serving as Serving | null | undefined, last, measured)
    return {
      id,
      name,
      deviceClass: report.deviceClass,
      facts: (report.body as unknown as { facts: Facts }).facts,
      labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])),
      ...(holds && { holds: new Set(holds) }),
      ...(serving && { serving }),
      assigned,
    }
  })
}

type Last = Omit<NonNullable<PlacedDevice['assigned']>, 'options'> & { body: unknown }

function assignedOf({ body, ...row }: Last): PlacedDevice['assigned'] {
  return { ...row, options: (body as Assignment).options }
}

/**
 * What a device is to keep or to change: what it was assigned, so that one in the middle of a change is not told another
 * thing; else what it serves by itself, unless that is a demo, which nobody would miss. The engine that runs now would give its memory back: what was measured of it,
 * or its weights.
 */
function servingOf(
  serving: Serving | null | undefined,
  last: Last | undefined,
  measured: { build: string; body: unknown }[],
): PlacementDevice['serving'] {
  const build = last?.build ?? (serving?.demo ? undefined : serving?.build)
  if (build === undefined) return undefined
  if (!serving || !holdsWeights.has(serving.state)) return { build }
  const { build: known, options } = (last?.body ?? {}) as Partial<Assignment>
  const said = measured.find((one) => one.build === serving.build)?.body as BuildMeasured | undefined
  const weights = known?.id === serving.build ? bytesOf(known) : 0
  const bytes = said?.residentBytes ?? weights
  return { build, ...(options?.pool === 'card' ? { cardBytes: bytes } : { memoryBytes: bytes }) }
}

const holdsWeights = new Set<Serving['state']>(['loading', 'ready', 'draining'])

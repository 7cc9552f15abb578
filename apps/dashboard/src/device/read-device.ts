import { figureNames } from '@tradewind/protocol'
import type { DeviceDetail, SamplePoint, Store } from '@tradewind/store'
import type { MadeRow } from './assignment-history'
import type { Silence } from './likely-cause'

/** So many assignments are shown; the API has them all. */
const mostAssignments = 20

export async function assignmentsOf(store: Pick<Store, 'assignmentsMade'>, id: string): Promise<MadeRow[]> {
  const rows = await store.assignmentsMade(id, mostAssignments)
  return rows.map(({ revision, atMs, actor, cause, rolloutId, workloadId, build, assignment: { options } }) => ({
    ...{ revision, atMs, actor, cause, rolloutId, workloadId, build },
    context: Math.floor(options.context / options.slots),
  }))
}

/** Of this long before it was lost its last words are looked for. */
const lastWordsMs = 15 * 60_000

/** What is known of a device that went silent, but for its events; null when it did not. */
export async function silenceOf(
  store: Pick<Store, 'chartOf' | 'lostBeside'>,
  { id, presence, report, revokedMs }: DeviceDetail,
): Promise<Omit<Silence, 'events'> | null> {
  if (presence?.state !== 'lost' || revokedMs !== null) return null
  const lostMs = presence.sinceMs
  const [chart, beside] = await Promise.all([
    store.chartOf(id, lostMs - lastWordsMs, lostMs + 1),
    store.lostBeside(id, lostMs),
  ])
  const point = chart?.points.at(-1)
  const last =
    point &&
    ({
      atMs: point.atMs,
      ...Object.fromEntries(figureNames.map((name) => [name, point[name]?.last ?? null])),
    } as SamplePoint)
  return { lostMs, facts: report?.facts ?? null, last: last ?? null, beside }
}

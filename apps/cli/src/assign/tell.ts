import { bytes, type Cell, type Style } from '../format'
import type { Session } from '../session'
import type { Assigned, Preview } from './replies'

const outcomes: Record<string, { text: string; style?: Style }> = {
  assign: { text: 'gets it first', style: 'green' },
  propose: { text: 'changes', style: 'green' },
  keep: { text: 'stays' },
  unresolved: { text: 'files unresolved', style: 'yellow' },
  refused: { text: 'refused', style: 'red' },
  tied: { text: 'tied', style: 'red' },
  idle: { text: 'not selected', style: 'dim' },
}
const mostShown = 40

/** Who would get what, and why some would not. */
export function tellPreview(session: Session, { rows, devices, changes, counts, downloadBytes, diskBytes }: Preview) {
  const shown = rows.filter(({ outcome }) => outcome !== 'idle').slice(0, mostShown)
  if (shown.length > 0)
    session.table(
      ['DEVICE', 'ID', 'OUTCOME', 'NOW', 'THEN', 'WHY'],
      shown.map(({ name, id, outcome, from, to, words }) => [
        name,
        id,
        outcomeCell(outcome),
        from ?? 'nothing',
        to ?? '-',
        words.join('; '),
      ]),
    )
  const more = devices - (counts.idle ?? 0) - shown.length
  if (more > 0) session.say(`and ${more} more devices: --json has them.`)
  const refused = (counts.refused ?? 0) + (counts.tied ?? 0) + (counts.unresolved ?? 0)
  session.say(
    `${changes} of ${devices} devices would change; ${refused} cannot. ` +
      `To fetch: ${bytes(downloadBytes)} from the source, ${bytes(diskBytes)} by all devices together.`,
  )
}

function outcomeCell(outcome: string): Cell {
  const { text, style } = outcomes[outcome] ?? { text: outcome }
  return style ? { text, style } : text
}

/** What came of an order, and of whom not. */
export function tellAssigned(session: Session, { assigned, refused, rollouts }: Assigned, names: Map<string, string>) {
  const named = (id: string) => (names.has(id) ? `${names.get(id)} (${id})` : id)
  for (const { id } of rollouts) session.say(`Rollout ${id} has begun: tradewind rollout show ${id} --watch`)
  if (rollouts.length === 0)
    session.say(`Assigned to ${assigned.length} ${assigned.length === 1 ? 'device' : 'devices'}.`)
  for (const { deviceId, revision, build } of assigned.slice(0, mostShown))
    session.say(`  ${named(deviceId)}: ${build}, revision ${revision}`)
  for (const { deviceId, code, says } of refused) session.note(`Refused ${named(deviceId)}: ${says ?? code}`)
}

import { type Severity, severities } from '@tradewind/fleet'
import type { Attention } from '../server/attention'

/** One line of what needs a person: all devices with one problem, or something of the whole fleet. */
export type AttentionItem = { key: string; severity: Severity; sinceMs: number } & (
  | { kind: 'devices'; group: Attention['groups'][number] }
  | { kind: 'fleet'; problem: Attention['fleet'][number] }
)

const rankOf = ({ severity }: AttentionItem) => severities.indexOf(severity)

/** The most urgent first. Of one severity the fleet's own comes first, then causes before what they cause, as given. */
export function attentionItems({ groups, fleet }: Pick<Attention, 'groups' | 'fleet'>): AttentionItem[] {
  const items: AttentionItem[] = [
    ...fleet.map((problem, i) => ({
      ...{ kind: 'fleet' as const, key: `${problem.code} ${i}`, problem },
      ...{ severity: problem.severity, sinceMs: problem.sinceMs },
    })),
    ...groups.map((group) => ({
      ...{ kind: 'devices' as const, key: group.code, group, severity: group.severity, sinceMs: group.sinceMs },
    })),
  ]
  return items.toSorted((a, b) => rankOf(a) - rankOf(b))
}

/** Where a person sees, and can do something about, what is wrong with the fleet. */
export function placeOf(problem: Attention['fleet'][number]): { href: string; name: string } {
  if (problem.code === 'rollout-paused')
    return { href: `/rollouts/${String(problem.rolloutId)}`, name: 'Open the rollout' }
  if (problem.code === 'unplaced') return { href: '/proposals', name: 'See why' }
  return { href: '/devices', name: 'Decide' }
}

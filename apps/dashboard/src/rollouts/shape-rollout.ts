import { rollouts as machine } from '@tradewind/fleet'
import type { MemberOutcome, RolloutSummary, RolloutView } from '@tradewind/protocol'
import { type MemberFilter, membersPerPage } from './member-filter'

export type Member = RolloutView['members'][number]
export type Dot = { id: string; name: string; outcome: MemberOutcome }

/** One wave with what its gate asks: how many must succeed, and how many may fail. */
export type Wave = {
  wave: number
  counts: machine.Count
  needed: number
  mayFail: number
  /** null: too many to draw each */
  dots: Dot[] | null
}

/** What the page of a rollout shows: sums of all its members, and one page of them. */
export type RolloutShown = Omit<RolloutSummary, 'members'> & {
  /** without those who left */
  members: number
  builds: { build: string; devices: number }[]
  stages: Wave[]
  /** told and still members; of those, who had nothing before */
  changed: number
  without: number
  atOnce: number
  rows: Member[]
  /** members that the filter wants, on all pages */
  found: number
}

const mostDots = 600

/** What needs a look comes first. */
const order: MemberOutcome[] = ['failed', 'changing', 'absent', 'waiting', 'succeeded', 'left']
const places = new Map(order.map((outcome, place) => [outcome, place]))
const byName = new Intl.Collator('en')
const byNeedOfALook = (a: Member, b: Member) =>
  (places.get(a.outcome) ?? 0) - (places.get(b.outcome) ?? 0) || a.wave - b.wave || byName.compare(a.name, b.name)

export function shapeRollout({ members, ...rollout }: RolloutView, filter: MemberFilter): RolloutShown {
  const { gate, mostAtOnce } = rollout.plan
  const drawn = members.length <= mostDots
  const stages = Array.from({ length: rollout.waves }, (_, wave): Wave => {
    const of = members.filter((one) => one.wave === wave)
    const counts = machine.count(of)
    return {
      ...{ wave, counts, needed: machine.needed(counts, gate.successShare) },
      mayFail: Math.floor(gate.failureShare * counts.members + 1e-9),
      dots: drawn ? of.map(({ deviceId: id, name, outcome }) => ({ id, name, outcome })) : null,
    }
  })
  const changed = members.filter(({ told, left, rolledBack }) => told && !left && !rolledBack)
  const wanted = members.filter(
    ({ outcome, wave }) => (filter.outcome ?? outcome) === outcome && (filter.wave ?? wave) === wave,
  )
  const first = (filter.page - 1) * membersPerPage
  return {
    ...rollout,
    ...{ stages, builds: buildsOf(members), members: members.filter(({ left }) => !left).length },
    ...{ changed: changed.length, without: changed.filter(({ before }) => !before).length },
    atOnce: machine.devicesOf(mostAtOnce, members.length),
    rows: wanted.toSorted(byNeedOfALook).slice(first, first + membersPerPage),
    found: wanted.length,
  }
}

function buildsOf(members: Member[]) {
  const devices = new Map<string, number>()
  for (const { build } of members) devices.set(build, (devices.get(build) ?? 0) + 1)
  return [...devices].map(([build, devices]) => ({ build, devices })).toSorted((a, b) => b.devices - a.devices)
}

import type { Amount, BuildSpeed, Rollout, RolloutMember, RolloutPlan } from '@tradewind/protocol'

/** A device that is to have a build, what it was assigned before, and what it measured of the new build before. */
export type Target = {
  deviceId: string
  build: string
  before: RolloutMember['before']
  baseline: BuildSpeed | null
  isHere: boolean
}

/**
 * Shuffles the targets into the waves of the plan: one seed and one set of targets give one order. Who is away now
 * goes to the end, because a wave of the absent shows nothing.
 */
export function begin(
  of: Pick<Rollout, 'id' | 'seed' | 'actor' | 'workloadId' | 'workloadVersion'>,
  targets: Target[],
  plan: RolloutPlan,
  nowMs: number,
): Rollout {
  const ends = waveEnds(plan.waves, targets.length)
  const shuffled = targets
    .map((target) => ({ target, place: placeOf(target.deviceId, of.seed) }))
    .sort((a, b) => Number(b.target.isHere) - Number(a.target.isHere) || a.place - b.place || byId(a.target, b.target))
  const members = shuffled.map(({ target }, i) =>
    memberOf(
      target,
      ends.findIndex((end) => i < end),
    ),
  )
  const { id, seed, actor, workloadId, workloadVersion } = of
  return {
    ...{ id, seed, actor, workloadId, workloadVersion, at: nowMs, plan },
    ...{ state: 'running', wave: 0, waves: Math.max(1, ends.length), members, pause: null, waiting: null },
  }
}

/** Takes in devices that came under the workload meanwhile: they go with the last wave, however far the rollout is. */
export function join(rollout: Rollout, targets: Target[]): Rollout {
  const known = new Set(rollout.members.map(({ deviceId }) => deviceId))
  const late = targets.filter(({ deviceId }) => !known.has(deviceId))
  return { ...rollout, members: [...rollout.members, ...late.map((target) => memberOf(target, rollout.waves - 1))] }
}

/** Lets members go, because something newer decides about them. */
export function leave(rollout: Rollout, deviceIds: ReadonlySet<string>): Rollout {
  const members = rollout.members.map(
    (member): RolloutMember =>
      deviceIds.has(member.deviceId) && !member.left ? { ...member, left: 'overtaken', outcome: 'left' } : member,
  )
  return { ...rollout, members }
}

/** An amount as devices: a share of some is never none. */
export const devicesOf = (amount: Amount, of: number): number =>
  'devices' in amount ? amount.devices : Math.max(1, Math.floor(amount.share * of))

/** How many members have been told by the end of each wave; waves without members are left out. */
function waveEnds(waves: Amount[], members: number): number[] {
  const wanted = waves.map((amount, i) => (i === waves.length - 1 ? members : devicesOf(amount, members)))
  const ends: number[] = []
  for (const end of wanted) if (Math.min(end, members) > (ends.at(-1) ?? 0)) ends.push(Math.min(end, members))
  return ends
}

const memberOf = ({ deviceId, build, before, baseline }: Target, wave: number): RolloutMember => ({
  ...{ deviceId, wave, build, before, baseline },
  ...{ told: null, rolledBack: null, left: null, refused: null, excused: false },
  ...{ outcome: 'waiting', code: null, succeededAt: null },
})

const byId = (a: Target, b: Target) => (a.deviceId < b.deviceId ? -1 : 1)

/** FNV-1a, 32 bit, mixed once more so that ids which differ in one sign do not stay neighbours. */
function placeOf(deviceId: string, seed: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(`${seed} ${deviceId}`)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

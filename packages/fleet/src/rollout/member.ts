import type { BuildSpeed, Rollout, RolloutGate, RolloutMember } from '@tradewind/protocol'
import { syncOf } from '../sync'
import type { Observation } from './observation'

/** A member as it stands now: what its newest assignment says of it, and what came of that. */
export function look(member: RolloutMember, seen: Observation | undefined, rollout: Rollout, nowMs: number) {
  if (!seen || member.left) return member
  const known = believe(member, seen, rollout.id)
  const { outcome, code } = outcomeOf(known, seen, rollout.plan.gate, nowMs)
  const succeededAt = outcome === 'succeeded' ? (member.outcome === 'succeeded' && member.succeededAt) || nowMs : null
  return { ...known, outcome, code, succeededAt }
}

/** A deed is done when the assignment says so: whoever crashed between doing and writing it down learns it here. */
function believe(member: RolloutMember, seen: Observation, rolloutId: string): RolloutMember {
  if (seen.isRevoked) return { ...member, left: 'revoked' }
  const { assigned } = seen
  if (!assigned || assigned.made <= (member.before?.revision ?? 0)) return member
  if (assigned.rolloutId !== rolloutId) return { ...member, left: 'overtaken' }
  const now = { revision: assigned.revision, at: assigned.atMs }
  return assigned.cause === 'roll-back'
    ? { ...member, told: member.told ?? now, rolledBack: now }
    : { ...member, told: now, refused: null }
}

type Outcome = Pick<RolloutMember, 'outcome' | 'code'>
const is = (outcome: Outcome['outcome']): Outcome => ({ outcome, code: null })
const failed = (code: string): Outcome => ({ outcome: 'failed', code })

function outcomeOf(member: RolloutMember, seen: Observation, gate: RolloutGate, nowMs: number): Outcome {
  if (member.left) return is('left')
  if (member.refused) return failed(member.refused)
  const target = member.rolledBack ?? member.told
  if (!target) return is(seen.hereSince === null ? 'absent' : 'waiting')
  const { revisionSeen: seenRevision, revisionApplied: appliedRevision, failureCode } = seen
  const assignedRevision = target.revision
  const sync = syncOf({ hasReport: true, assignedRevision, seenRevision, appliedRevision, failureCode })
  if (sync === 'failed' && !triesAgain(seen, assignedRevision))
    return failed(seen.smoke?.outcome === 'failed' ? 'smoke-test-failed' : (failureCode ?? 'failed'))
  const applied = sync !== 'in-sync' ? null : member.rolledBack ? is('succeeded') : judge(member, seen, gate)
  if (applied) return applied
  if (seen.hereSince === null) return is('absent')
  return nowMs < overdueAt(target.at, seen.hereSince, gate) ? is('changing') : failed('deadline-passed')
}

/** What is to be said of a build that was applied; null: its smoke test is not told yet. */
function judge({ baseline }: RolloutMember, seen: Observation, gate: RolloutGate): Outcome | null {
  const { serving, smoke, speed, classSpeed } = seen
  if (serving?.state === 'failed') return failed(serving.failure?.code ?? 'engine-failed')
  if (!smoke) return null
  if (smoke.outcome === 'failed') return failed('smoke-test-failed')
  if (smoke.outcome === 'flagged' && gate.smoke === 'passed') return failed('smoke-test-flagged')
  return isSlow(speed, baseline ?? classSpeed, gate.speedShare) ? failed('speed-loss') : is('succeeded')
}

/**
 * A build is compared with itself: with what this device measured of it before, or others of its class. Another build
 * is meant to differ in speed; that it may is for placement to say, and for the smoke test to check.
 */
function isSlow(speed: BuildSpeed | null, baseline: BuildSpeed | null, share: number): boolean {
  const slower = (now: number | undefined, then: number | undefined) =>
    now !== undefined && then !== undefined && now < then * share
  const live = (factor: number | undefined) => factor && 1 / factor
  return (
    slower(speed?.generationPerSecond, baseline?.generationPerSecond) ||
    slower(live(speed?.realTimeFactor), live(baseline?.realTimeFactor))
  )
}

const triesAgain = ({ seeking }: Observation, revision: number) =>
  seeking?.revision === revision && (seeking.reason?.retryAt ?? null) !== null

/** Time away does not count: the deadline runs anew for who comes back. */
const overdueAt = (toldMs: number, hereSince: number, { deadlineMs }: RolloutGate) =>
  Math.max(toldMs, hereSince) + deadlineMs

/** When a changing member will have taken too long; null: it is not changing, or not here. */
export function deadlineOf(member: RolloutMember, seen: Observation | undefined, gate: RolloutGate): number | null {
  const target = member.rolledBack ?? member.told
  if (member.outcome !== 'changing' || !target || !seen || seen.hereSince === null) return null
  return overdueAt(target.at, seen.hereSince, gate)
}

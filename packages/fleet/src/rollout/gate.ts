import type { Rollout, RolloutMember } from '@tradewind/protocol'
import { type Count, count, needed } from './count'
import { deadlineOf } from './member'
import type { Observations } from './observation'

type Pause = Omit<NonNullable<Rollout['pause']>, 'at'>
type Waiting = NonNullable<Rollout['waiting']>

const told = ({ members, wave }: Rollout) => members.filter((member) => member.wave <= wave)
const ofWave = ({ members, wave }: Rollout) => members.filter((member) => member.wave === wave)

/**
 * Why the rollout must stop by itself; null: it need not. Failures count in the wave that is told and in all that were
 * told so far, so that those who come back late and fail are not forgotten. Who is merely away is no failure anywhere.
 */
export function pauseOf(rollout: Rollout): Pause | null {
  const { failureShare, successShare } = rollout.plan.gate
  for (const members of [ofWave(rollout), told(rollout)]) {
    const { failed, members: of } = count(members)
    if (failed > failureShare * of) return { code: causeOf(members), numbers: { failed, members: of, failureShare } }
  }
  const wave = count(ofWave(rollout))
  const { waiting, changing, succeeded, absent, members } = wave
  const least = needed(wave, successShare)
  if (waiting + changing > 0 || succeeded + absent >= least) return null
  return { code: 'too-few-successes', numbers: { succeeded, needed: least, members } }
}

/** What most of those that failed, failed of. */
function causeOf(members: RolloutMember[]): Pause['code'] {
  const named = ['smoke-test-failed', 'speed-loss', 'deadline-passed'] as const
  const failed = members.filter(({ outcome, excused }) => outcome === 'failed' && !excused)
  const cause = named.find((name) => failed.filter(({ code }) => code === name).length * 2 >= failed.length)
  return cause ?? 'too-many-failures'
}

/** What the wave that is told still waits for; null: its gate is open. */
export function gateOf(rollout: Rollout, seen: Observations, nowMs: number): Waiting | null {
  const { gate } = rollout.plan
  const members = ofWave(rollout)
  const wave = count(members)
  const least = needed(wave, gate.successShare)
  const numbers = numbersOf(wave, least)
  if (wave.waiting + wave.changing > 0) {
    const deadlines = members.flatMap((member) => deadlineOf(member, seen.get(member.deviceId), gate) ?? [])
    return { code: 'changing', numbers, deadline: deadlines.length > 0 ? Math.max(...deadlines) : null }
  }
  if (wave.succeeded < least) return { code: 'too-few-reachable', numbers, deadline: null }
  const soaking = members.flatMap(({ outcome, succeededAt }) => (outcome === 'succeeded' ? (succeededAt ?? []) : []))
  const soaked = Math.max(0, ...soaking) + gate.soakMs
  return soaking.length > 0 && nowMs < soaked ? { code: 'soaking', numbers, deadline: soaked } : null
}

const numbersOf = ({ members, succeeded, failed, changing, waiting, absent }: Count, needed: number) => ({
  ...{ members, needed, succeeded, failed, changing, waiting, absent },
})

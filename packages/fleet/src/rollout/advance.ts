import type { Rollout, RolloutMember } from '@tradewind/protocol'
import { devicesOf } from './begin'
import { count } from './count'
import { gateOf, pauseOf } from './gate'
import { deadlineOf, look } from './member'
import type { Observations } from './observation'
import { isOpen, opensAt } from './window'

/** What is to be done to a device: give it the build, or the assignment of an earlier revision again. */
export type Deed =
  | { is: 'assign'; deviceId: string; build: string }
  | { is: 'roll-back'; deviceId: string; revision: number; build: string }

export type Advanced = { rollout: Rollout; deeds: Deed[] }

/**
 * The next state, and what must be done now. It depends on state, observations and time alone. Asked twice it says the
 * same; a deed is asked for again until the member's assignment shows that it was done.
 */
export function advance(before: Rollout, seen: Observations, nowMs: number): Advanced {
  if (hasEnded(before)) return { rollout: before, deeds: [] }
  const members = before.members.map((member) => look(member, seen.get(member.deviceId), before, nowMs))
  const rollout = { ...before, members }
  if (rollout.state === 'rolling-back') return rollBack(rollout)
  return rollout.state === 'paused' ? { rollout: asPaused(rollout), deeds: [] } : run(rollout, seen, nowMs)
}

export const hasEnded = ({ state }: Pick<Rollout, 'state'>) =>
  state === 'done' || state === 'aborted' || state === 'rolled-back'

function run(given: Rollout, seen: Observations, nowMs: number): Advanced {
  let rollout = given
  for (;;) {
    const pause = pauseOf(rollout)
    if (pause) return { rollout: asPaused({ ...rollout, state: 'paused', pause: { ...pause, at: nowMs } }), deeds: [] }
    const gate = gateOf(rollout, seen, nowMs)
    if (gate) return tell(rollout, gate, seen, nowMs)
    if (rollout.wave === rollout.waves - 1) break
    rollout = { ...rollout, wave: rollout.wave + 1 }
  }
  const { waiting, changing, absent } = count(rollout.members)
  if (waiting + changing + absent === 0) return { rollout: { ...rollout, state: 'done', waiting: null }, deeds: [] }
  return tell(rollout, { code: 'some-are-absent', numbers: { absent, changing }, deadline: null }, seen, nowMs)
}

type Waiting = NonNullable<Rollout['waiting']>

/** Tells those whose turn it is, in their order, as far as window and cap allow. */
function tell(rollout: Rollout, gate: Waiting, seen: Observations, nowMs: number): Advanced {
  const { plan, members, wave } = rollout
  const due = members.filter((member) => member.outcome === 'waiting' && member.wave <= wave)
  const changing = members.filter((member) => isChanging(member, rollout, nowMs))
  const most = devicesOf(plan.mostAtOnce, members.length)
  const numbers = { due: due.length, changing: changing.length, most }
  if (due.length > 0 && plan.window && !isOpen(plan.window, nowMs))
    return wait({ code: 'window-closed', numbers, deadline: opensAt(plan.window, nowMs) })
  if (due.length > 0 && changing.length >= most) {
    const deadlines = changing.flatMap((one) => deadlineOf(one, seen.get(one.deviceId), plan.gate) ?? [])
    return wait({ code: 'most-at-once', numbers, deadline: deadlines.length > 0 ? Math.min(...deadlines) : null })
  }
  const deeds = due
    .slice(0, most - changing.length)
    .map(({ deviceId, build }): Deed => ({ is: 'assign', deviceId, build }))
  return { rollout: { ...rollout, waiting: gate }, deeds }

  function wait(waiting: Waiting): Advanced {
    return { rollout: { ...rollout, waiting }, deeds: [] }
  }
}

/** Who was told and then went away may still be at it, until it would be overdue. */
function isChanging({ outcome, told, rolledBack }: RolloutMember, { plan }: Rollout, nowMs: number): boolean {
  const target = rolledBack ?? told
  return outcome === 'changing' || (outcome === 'absent' && !!target && nowMs < target.at + plan.gate.deadlineMs)
}

/**
 * Each changed member gets back what it had. Those who are changing go first, since it makes nobody busier; those who
 * are away at once as well, lest they come back to fetch what nobody wants any more.
 */
function rollBack(rollout: Rollout): Advanced {
  const changed = rollout.members.filter(({ told, left, before }) => told && !left && before)
  const due = changed.filter(({ rolledBack }) => !rolledBack)
  const busy = changed.filter(({ outcome }) => outcome === 'changing').length
  if (due.length + busy === 0) return { rollout: { ...rollout, state: 'rolled-back', waiting: null }, deeds: [] }
  const most = devicesOf(rollout.plan.mostAtOnce, rollout.members.length)
  const isFree = ({ outcome }: RolloutMember) => outcome === 'changing' || outcome === 'absent'
  const now = [...due.filter(isFree), ...due.filter((one) => !isFree(one)).slice(0, Math.max(0, most - busy))]
  const deeds = now.flatMap(({ deviceId, before }): Deed[] =>
    before ? [{ is: 'roll-back', deviceId, ...before }] : [],
  )
  const numbers = { due: due.length, changing: busy, most, changed: changed.length }
  return { rollout: { ...rollout, waiting: { code: 'rolling-back', numbers, deadline: null } }, deeds }
}

const asPaused = (rollout: Rollout): Rollout => ({
  ...rollout,
  waiting: { code: 'paused', numbers: rollout.pause?.numbers ?? {}, deadline: null },
})

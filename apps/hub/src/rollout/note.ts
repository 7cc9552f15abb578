import type { Rollout, RolloutState } from '@tradewind/protocol'
import { hubEvent, type RolloutNote } from '@tradewind/store'

const codes: Record<RolloutState, string> = {
  running: 'rollout-resumed',
  paused: 'rollout-paused',
  done: 'rollout-done',
  aborted: 'rollout-aborted',
  'rolling-back': 'rollout-rolling-back',
  'rolled-back': 'rollout-rolled-back',
}

/** What people are told of a step; null: nothing that they would want to know. */
export function noteOf(before: Rollout, after: Rollout, nowMs: number, actor: string | null): RolloutNote | null {
  if (before.state !== after.state) return note(codes[after.state], after, nowMs, actor)
  return before.wave === after.wave ? null : note('rollout-wave', after, nowMs, actor)
}

export const startNote = (rollout: Rollout): RolloutNote => note('rollout-started', rollout, rollout.at, rollout.actor)

function note(code: string, rollout: Rollout, nowMs: number, actor: string | null): RolloutNote {
  const { id, wave, waves, pause, state } = rollout
  const why = state === 'paused' && pause ? { code: pause.code, ...pause.numbers } : {}
  return { event: hubEvent(null, code, nowMs, { rollout: id, wave: wave + 1, waves, ...why }), actor }
}

import type { Rollout, RolloutAct, RolloutMember, RolloutState } from '@tradewind/protocol'

const from: Record<RolloutAct, readonly RolloutState[]> = {
  pause: ['running'],
  resume: ['paused'],
  abort: ['running', 'paused', 'rolling-back'],
  'roll-back': ['running', 'paused', 'aborted', 'done'],
}

/** What a person makes of a rollout; null when it cannot be done in its state. */
export function act(rollout: Rollout, act: RolloutAct, nowMs: number): Rollout | null {
  if (!from[act].includes(rollout.state)) return null
  switch (act) {
    case 'pause':
      return { ...rollout, state: 'paused', pause: { code: 'by-person', numbers: {}, at: nowMs } }
    case 'resume':
      return { ...rollout, state: 'running', pause: null, members: rollout.members.map(accepted) }
    case 'abort':
      return { ...rollout, state: 'aborted', waiting: null }
    case 'roll-back':
      return { ...rollout, state: 'rolling-back', pause: null }
  }
}

/** Who resumes accepts what failed so far, and has the refused tried once more. */
const accepted = (member: RolloutMember): RolloutMember =>
  member.refused
    ? { ...member, refused: null, outcome: 'waiting', code: null }
    : { ...member, excused: member.excused || member.outcome === 'failed' }

/** Notes for whom no assignment could be made, so that it is not asked for each second. */
export function refuse(rollout: Rollout, refused: { deviceId: string; code: string }[]): Rollout {
  const codes = new Map(refused.map(({ deviceId, code }) => [deviceId, code]))
  const members = rollout.members.map((member): RolloutMember => {
    const code = codes.get(member.deviceId)
    return code ? { ...member, refused: code, outcome: 'failed', code } : member
  })
  return { ...rollout, members }
}

import type { Seeking, StepName } from '@tradewind/protocol'
import type { DeviceDetail } from '@tradewind/store'

/** How far a device is with what it was assigned last. */
export type Progress =
  /** it has what it should, or nothing was ever assigned to it */
  | { is: 'settled' }
  /** the hub has assigned something that the device has not heard of */
  | { is: 'unheard'; revision: number; build: string }
  | { is: 'working' | 'blocked'; seeking: Seeking }
  /** what it said without saying how far it is, as agents did that knew no steps */
  | { is: 'failed'; revision: number; code: string; detail: string }

type Known = Pick<DeviceDetail, 'assignment' | 'seeking' | 'failure'>

export function progressOf({ assignment, seeking, failure }: Known): Progress {
  if (!assignment || assignment.assignedRevision === 0) return { is: 'settled' }
  const { assignedRevision: revision, revisionSeen, revisionApplied, latest } = assignment
  if (revisionSeen < revision) return { is: 'unheard', revision, build: latest?.build ?? 'a build' }
  if (seeking && seeking.is !== 'converged' && seeking.revision === revision) return { is: seeking.is, seeking }
  if (failure) return { is: 'failed', revision, ...failure }
  if (revisionApplied < revision && seeking && seeking.is !== 'converged') return { is: seeking.is, seeking }
  return { is: 'settled' }
}

/** The steps forward, in their order. */
export const stepsForward: StepName[] = [
  'make-room',
  'fetch',
  'verify',
  'stop-engine',
  'start-engine',
  'smoke-test',
  'commit',
]

export type StepState = 'done' | 'now' | 'ahead'

/** Of each step whether it is behind the one that is done now. What was not needed is behind it as well. */
export function stepStates(step: StepName | null): Record<StepName, StepState> {
  const at = step === null ? -1 : stepsForward.indexOf(step)
  const stateOf = (i: number): StepState => (at < 0 || i > at ? 'ahead' : i === at ? 'now' : 'done')
  return Object.fromEntries(stepsForward.map((name, i) => [name, stateOf(i)])) as Record<StepName, StepState>
}

import type { Rollout } from '@tradewind/protocol'
import type { ExplainedProblem } from './explain-problem'
import type { Severity } from './problem'

/** What needs a person and is not wrong with one device. It is read from what it is about, and ends when that does. */
export type FleetProblem = { severity: Severity; sinceMs: number } & (
  | {
      code: 'rollout-paused'
      rolloutId: string
      workloadId: string | null
      reason: NonNullable<Rollout['pause']>['code'] | null
      devices: number
    }
  | { code: 'unplaced'; kind: 'refused' | 'unresolved' | 'tie'; workloadId: string | null; devices: number }
  | { code: 'parked'; devices: number }
)

export const fleetProblemCodes = ['rollout-paused', 'unplaced', 'parked'] as const

/** The only place where problems of the fleet are put into words. */
export function explainFleetProblem(problem: FleetProblem): ExplainedProblem {
  switch (problem.code) {
    case 'rollout-paused': {
      const { reason, workloadId } = problem
      return {
        title: `The rollout${workloadId ? ` of ${workloadId}` : ''} is paused: ${reason ? pauses[reason] : 'nobody knows why'}`,
        means: 'Devices that it has not reached keep what they have; those that it has reached keep the new.',
        toDo: 'Look at the devices that failed, then resume, roll back or abort.',
      }
    }
    case 'unplaced':
      return unplaced(problem)
    case 'parked': {
      const { devices } = problem
      return {
        title: `${devices === 1 ? 'A device waits' : `${devices} devices wait`} for approval`,
        means: 'They asked to be let in without a token, and do nothing until somebody decides.',
        toDo: 'Compare the fingerprint with what the device shows; then approve or refuse it.',
      }
    }
  }
}

const pauses: Record<NonNullable<Rollout['pause']>['code'], string> = {
  'too-many-failures': 'too many devices failed',
  'smoke-test-failed': 'a smoke test failed',
  'speed-loss': 'devices became slower',
  'deadline-passed': 'devices took too long',
  'too-few-successes': 'too few devices succeeded',
  'by-person': 'a person paused it',
}

function unplaced({ kind, workloadId, devices }: FleetProblem & { code: 'unplaced' }): ExplainedProblem {
  const they = devices === 1 ? 'A device' : `${devices} devices`
  const workload = workloadId ?? 'its workload'
  if (kind === 'tie')
    return {
      title: `${they} ${devices === 1 ? 'is' : 'are'} wanted by two workloads of one priority`,
      means: 'Nothing is placed there until one of them comes first.',
      toDo: 'Give one of the workloads a higher priority, or let them select different devices.',
    }
  if (kind === 'unresolved')
    return {
      title: `${they} ${devices === 1 ? 'waits' : 'wait'} for the files of ${workload}`,
      means: 'A build fits, but its files have no known size and sha256 yet, so nobody may fetch them.',
      toDo: 'Have the mirror resolve the build: tradewind mirror add.',
    }
  return {
    title: `No build fits ${devices === 1 ? 'a device' : `${devices} devices`} that ${workload} selects`,
    means: 'They keep what they serve, or serve nothing.',
    toDo: 'See what each of them lacks; ask for less, or select other devices.',
  }
}

import { type StepName, stepNames } from '@tradewind/protocol'
import { type Failure, isApplied, type Observed, steps, type Target } from './steps'

export type Plan =
  | { is: 'converged' }
  /** in this order; the first is done, then all is looked at anew */
  | { is: 'steps'; steps: [StepName, ...StepName[]] }
  /** `retryAt` null: only a new assignment or a person helps */
  | { is: 'blocked'; reason: Failure; retryAt: number | null }

/**
 * What a device does next to hold what is wanted. It is not told whether the hub is there: nothing that serves is given up for
 * want of contact. `now`: milliseconds since 1970.
 */
export function plan(wanted: Target, observed: Observed, now: number): Plan {
  const { failure } = observed
  if (failure && (failure.retryAt === null || failure.retryAt > now)) {
    if (steps['roll-back'].isNeeded(wanted, observed)) return { is: 'steps', steps: ['roll-back'] }
    return { is: 'blocked', reason: failure, retryAt: failure.retryAt }
  }
  const [first, ...rest] = ahead(wanted, observed)
  return first ? { is: 'steps', steps: [first, ...rest] } : { is: 'converged' }
}

function ahead(wanted: Target, observed: Observed): StepName[] {
  const list: StepName[] = []
  let expected = observed
  // after a restart: what served before goes on serving while the next build is brought
  const isLongWay = steps.fetch.isNeeded(wanted, observed) || steps.verify.isNeeded(wanted, observed)
  const first = observed.holds === null && isLongWay && !isApplied(wanted, observed) ? (['roll-back'] as const) : []
  for (const name of [...first, ...stepNames.filter((name) => name !== 'roll-back')]) {
    if (!steps[name].isNeeded(wanted, expected)) continue
    list.push(name)
    expected = steps[name].effect(wanted, expected)
  }
  return list
}

import type { Severity } from '@tradewind/fleet'
import type { ProblemState } from '@tradewind/store'

export const severityNames: Record<Severity, string> = {
  critical: 'Critical',
  warning: 'Warning',
  notice: 'Notice',
}

export const severityMeanings: Record<Severity, string> = {
  critical: 'Look at it now.',
  warning: 'Look at it today.',
  notice: 'Look at it when you are there anyway.',
}

export const problemStateNames: Record<ProblemState, string> = {
  waiting: 'Needs attention',
  acknowledged: 'Acknowledged',
  silenced: 'Silenced',
  ended: 'Ended',
}

import { explainProblem } from '@tradewind/fleet'
import type { ProblemRow } from '@tradewind/store'
import { span } from '../words/format'

/** For how long something that has ended was so. */
export const lasted = ({ sinceMs, endedMs }: Pick<ProblemRow, 'sinceMs' | 'endedMs'>) =>
  endedMs === null ? '' : span(Math.max(0, endedMs - sinceMs))

export const titleOf = (problem: ProblemRow) => explainProblem(problem).title

/** For how long people may silence something. */
export const silences = [
  { hours: 1, name: '1 hour' },
  { hours: 8, name: '8 hours' },
  { hours: 24, name: '1 day' },
  { hours: 7 * 24, name: '1 week' },
  { hours: 30 * 24, name: '30 days' },
] as const

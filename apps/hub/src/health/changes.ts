import { agedTo, type HealthProblem, severities } from '@tradewind/fleet'
import type { ProblemChanges } from '@tradewind/store'

/** What to store when a device had these problems and has those. */
export function changesOf(
  deviceId: string,
  before: readonly HealthProblem[],
  found: readonly HealthProblem[],
  nowMs: number,
): Omit<ProblemChanges, 'nowMs'> {
  const pairs = found.map((problem) => ({ problem, known: before.find((one) => isSame(one, problem)) }))
  return {
    begun: pairs.flatMap(({ problem, known }) => (known ? [] : [{ ...problem, deviceId }])),
    changed: pairs.flatMap(({ problem, known }) =>
      known && (problem.severity !== known.severity || readsOtherwise(agedTo(known, nowMs), agedTo(problem, nowMs)))
        ? [{ ...problem, deviceId, isWorse: rankOf(problem) < rankOf(known) }]
        : [],
    ),
    ended: before.filter((one) => !found.some((problem) => isSame(one, problem))).map((one) => ({ ...one, deviceId })),
  }
}

const isSame = (a: HealthProblem, b: HealthProblem) => a.code === b.code && a.about === b.about
const rankOf = ({ severity }: HealthProblem) => severities.indexOf(severity)

/** A number that trembles is no news: its first two digits are what a person reads. */
const readsOtherwise = (a: HealthProblem, b: HealthProblem) =>
  Object.keys({ ...a.numbers, ...b.numbers }).some((name) => digits(a.numbers[name]) !== digits(b.numbers[name]))

const digits = (value: number | undefined) => value?.toPrecision(2)

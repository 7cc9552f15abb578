import { type HealthInput, type HealthProblem, type Severity, severities } from './problem'
import { type Reading, readings } from './readings'
import { type HealthCode, healthCodes, type Scale, scales } from './scales'

/**
 * What is wrong with a device, the most urgent first. Levels, not edges: the same input gives the same answer, and with
 * that answer as `previous` it gives it again. What is unknown leaves the problems of its code as they were.
 */
export function problemsOf(input: HealthInput): HealthProblem[] {
  return healthCodes.flatMap((code) => problemsWith(code, input)).toSorted(byUrgency)
}

function problemsWith(code: HealthCode, input: HealthInput): HealthProblem[] {
  const previous = input.previous.filter((problem) => problem.code === code)
  const known = readings[code](input)
  if (!known) return previous
  return known.flatMap((reading) => {
    const before = previous.find(({ about }) => about === reading.about)
    if (!Number.isFinite(reading.least) || !Number.isFinite(reading.most)) return before ?? []
    const severity = severityOf(scales[code], reading, before?.severity)
    if (severity === undefined) return []
    const sinceMs = before?.sinceMs ?? Math.min(reading.sinceMs, input.nowMs)
    return { code, about: reading.about, severity, sinceMs, numbers: reading.numbers }
  })
}

/** A severity is raised by the mildest that was read, so that a spike raises nothing, and held by the harshest. */
function severityOf({ grades, worse }: Scale, { least, most }: Reading, before?: Severity): Severity | undefined {
  const [mildest, harshest] = worse === 'above' ? [least, most] : [most, least]
  const isBeyond = (value: number, mark: number) => (worse === 'above' ? value > mark : value < mark)
  return severities.find((severity) => {
    const grade = grades[severity]
    if (!grade) return false
    const isRaised = !isBeyond(grade.raise, mildest)
    const isHeld = before !== undefined && rankOf(before) <= rankOf(severity) && isBeyond(harshest, grade.clear)
    return isRaised || isHeld
  })
}

const rankOf = (severity: Severity) => severities.indexOf(severity)

function byUrgency(a: HealthProblem, b: HealthProblem): number {
  return (
    rankOf(a.severity) - rankOf(b.severity) ||
    healthCodes.indexOf(a.code) - healthCodes.indexOf(b.code) ||
    a.sinceMs - b.sinceMs ||
    ((a.about ?? '') < (b.about ?? '') ? -1 : 1)
  )
}

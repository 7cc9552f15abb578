import type { Workload } from '@tradewind/protocol'
import type { Candidate } from './candidate'
import type { Decision } from './decide'
import type { Outcome } from './outcome'
import type { Refusal } from './refusal'
import { gibibytes, percent, sentenceOf, tokens } from './sentences'

/** What is otherwise in one decision for a device than in an earlier one. */
export type Difference =
  | { code: 'build'; before: string | null; now: string | null }
  | { code: 'workload'; before: string; now: string }
  | { code: 'context'; before: number; now: number }
  | { code: 'asked'; names: string[] }
  | { code: 'fits-now'; build: string; refusal: Refusal | undefined }
  | { code: 'refused-now'; build: string; refusal: Refusal | undefined }
  | { code: 'memory'; beforeBytes: number; nowBytes: number }
  | { code: 'speed'; build: string; before: number; now: number; from: string }

/** Less than this share of a change of memory or speed is what every report brings. */
const noteworthy = 0.05

/** The most important first. The earlier one may come from an older version, so that nothing in it is relied on. */
export function differencesOf(before: Decision, now: Decision): Difference[] {
  const [had, has] = [buildOf(before.outcome), buildOf(now.outcome)]
  const kept = has !== null && has === had ? has : null
  return [
    ...(had === has ? [] : [{ code: 'build', before: had, now: has } as const]),
    ...askedOtherwise(before.workload, now.workload),
    ...(kept === null ? [] : ofBuild(kept, candidateOf(before, kept), candidateOf(now, kept))),
    ...now.candidates.flatMap((one) => verdictChange(candidateOf(before, one.build), one)),
  ]
}

const buildOf = (outcome: Outcome) => (outcome.kind === 'refused' ? null : outcome.build)
const candidateOf = ({ candidates }: Decision, build: string) => candidates.find((one) => one.build === build)

/** All that a workload asks of a build, and what people call it. */
const asks: Partial<Record<keyof Workload, string>> = {
  useCases: 'use cases',
  slots: 'slots',
  policy: 'policy',
  hears: 'hearing',
  languages: 'languages',
  hallucination: 'tolerance',
  commercial: 'commercial use',
  monthlyUsers: 'monthly users',
  generationPerSecond: 'least speed',
  realTimeFactor: 'real-time factor',
  firstTokenSeconds: 'longest wait',
  pin: 'pin',
}

function askedOtherwise(before: Workload, now: Workload): Difference[] {
  if (before.id !== now.id) return [{ code: 'workload', before: before.id, now: now.id }]
  const changed = Object.entries(asks).filter(
    ([name]) => JSON.stringify(before[name as keyof Workload]) !== JSON.stringify(now[name as keyof Workload]),
  )
  return [
    ...(before.context === now.context ? [] : [{ code: 'context', before: before.context, now: now.context } as const]),
    ...(changed.length === 0 ? [] : [{ code: 'asked', names: changed.map(([, name]) => name) } as const]),
  ]
}

function ofBuild(build: string, before: Candidate | undefined, now: Candidate | undefined): Difference[] {
  const differences: Difference[] = []
  const [hadBytes, hasBytes] = [before?.fit?.haveBytes, now?.fit?.haveBytes]
  if (hadBytes && hasBytes && isNoteworthy(hadBytes, hasBytes))
    differences.push({ code: 'memory', beforeBytes: hadBytes, nowBytes: hasBytes })
  const [had, has] = [before?.speed?.generationPerSecond, now?.speed?.generationPerSecond]
  if (had && has && now?.speed && isNoteworthy(had, has))
    differences.push({ code: 'speed', build, before: had, now: has, from: now.speed.from })
  return differences
}

const isNoteworthy = (before: number, now: number) => Math.abs(now / before - 1) >= noteworthy

/** Of files that were resolved meanwhile nobody needs to hear, and a pin is told of once, not with each build. */
function verdictChange(before: Candidate | undefined, { build, refusals }: Candidate): Difference[] {
  if (!before) return []
  const [had, has] = [against(before.refusals), against(refusals)]
  if (had.length === 0 && has.length > 0) return [{ code: 'refused-now', build, refusal: has[0] }]
  if (had.length > 0 && has.length === 0) return [{ code: 'fits-now', build, refusal: had[0] }]
  return []
}
const against = (refusals: Refusal[]) =>
  refusals.filter(({ code }) => code !== 'files-unresolved' && code !== 'not-pinned')

export function differenceWords(difference: Difference): string {
  switch (difference.code) {
    case 'build':
      return `${difference.now ?? 'no build'} would be chosen now, ${difference.before ?? 'no build'} was then`
    case 'workload':
      return `it is for ${difference.now} now, and was for ${difference.before}`
    case 'context':
      return `its workload asks for ${tokens(difference.now)} of context, and asked for ${tokens(difference.before)}`
    case 'asked':
      return `its workload asks otherwise: ${difference.names.join(', ')}`
    case 'fits-now':
      return `${difference.build} fits now${difference.refusal ? `; then ${sentenceOf(difference.refusal)}` : ''}`
    case 'refused-now':
      return `${difference.build} no longer fits${difference.refusal ? `: ${sentenceOf(difference.refusal)}` : ''}`
    case 'memory':
      return `${gibibytes(difference.nowBytes, 'down')} of memory may be used, and ${gibibytes(difference.beforeBytes, 'down')} then`
    case 'speed':
      return `${difference.build} writes ${difference.now.toFixed(1)} tokens/s (${difference.from}), ${percent(
        Math.abs(difference.now / difference.before - 1),
      )} ${difference.now > difference.before ? 'more' : 'less'} than was expected then`
  }
}

import type { Catalogue, Claim, PolicyName, Variant } from '@tradewind/protocol'
import { type Candidate, isUnresolved } from './candidate'
import type { Decision } from './decide'
import { type Outcome, ranked } from './outcome'
import type { Refusal } from './refusal'
import { clipSecondsOf } from './requirements'
import { scoreNames, translates } from './score'
import { abilityNames, figureNames, gibibytes, percent, policyNames, sentenceOf, speedWords, tokens } from './sentences'
import { realTimeFactor } from './speed'
import { neighbours, type TradeOff } from './tradeoff'
import { needsHearing } from './workload'

/** A decision in words. Lists may be empty; nothing in it is meant to be read by a program. */
export type Explanation = {
  choice: string
  /** where it fits, how fast it is, how it scored */
  because: string[]
  /** what the policy rests on, with sources */
  claims: string[]
  runnerUp: string | null
  refusals: { build: string; reasons: string[] }[]
  /** builds with files that are not resolved yet, refused otherwise or not */
  unresolved: string[]
  givenUp: string[]
  other: string
}

/** Never throws, whatever the decision: builds and variants that a newer catalogue lost are named by their ids. */
export function explain(decision: Decision, catalogue: Catalogue): Explanation {
  const { outcome, candidates, policy, other } = decision
  const named = (id: string) => nameOf(catalogue, candidates, id)
  const chosen = outcome.kind === 'refused' ? undefined : candidates.find(({ build }) => build === outcome.build)
  const [first, second] = ranked(candidates, policy)
  const runnerUp = first?.build === chosen?.build ? second : first
  return {
    choice: choiceOf(outcome, named),
    because: chosen
      ? [
          ...pinWords(chosen, policy),
          ...reasonsFor(chosen),
          ...hearingWords(chosen, decision, catalogue),
          ...languageWords(chosen, decision, catalogue),
        ]
      : closestReasons(decision, named),
    claims: claimsOf(decision, chosen, catalogue),
    runnerUp: runnerUp ? `${named(runnerUp.build)}, ${scoreWords(runnerUp)}` : null,
    refusals: candidates
      .map((one) => ({ build: one.build, reasons: refusalsOf(one, policy).map(sentenceOf) }))
      .filter(hasReasons),
    unresolved: candidates.filter(isUnresolved).map(({ build }) => build),
    givenUp: chosen ? givenUpOf(chosen.variant, catalogue) : [],
    other: `${capital(policyNames[other.policy])}: ${choiceOf(other.outcome, named)}`,
  }
}

/** What the policy says against a build, then the rest. Files are told of apart: that is no fault of the device. */
export function refusalsOf({ pinned, standing, refusals }: Candidate, policy: PolicyName): Refusal[] {
  const stands = standing[policy]
  const others = refusals.filter(({ code }) => code !== 'files-unresolved')
  return stands.tier === null && !pinned ? [stands.refusal, ...others] : others
}
const hasReasons = ({ reasons }: { reasons: string[] }) => reasons.length > 0

/** The explanation as lines for a terminal or a log. */
export function explanationLines({
  choice,
  because,
  claims,
  runnerUp,
  refusals,
  unresolved,
  givenUp,
  other,
}: Explanation): string[] {
  const list = (title: string, lines: string[]) =>
    lines.length === 0 ? [] : ['', title, ...lines.map((one) => `  ${one}`)]
  return [
    choice,
    ...because.map((one) => `  ${one}`),
    ...list('Runner-up', runnerUp === null ? [] : [runnerUp]),
    ...list('What is given up', givenUp),
    ...list('What the policy rests on', claims),
    ...list(
      'Refused',
      refusals.map(({ build, reasons }) => `${build}: ${reasons.join('; ')}`),
    ),
    ...list('Files not resolved yet', unresolved.length === 0 ? [] : [unresolved.join(', ')]),
    '',
    other,
  ]
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

function nameOf({ variants }: Catalogue, candidates: Candidate[], build: string): string {
  const variant = candidates.find((one) => one.build === build)?.variant
  const name = variants.find(({ id }) => id === variant)?.name ?? variant
  return name === undefined ? build : `${name} (${build})`
}

function choiceOf(outcome: Outcome, named: (id: string) => string): string {
  switch (outcome.kind) {
    case 'assign':
      return `${named(outcome.build)} is right for this device.`
    case 'unresolved':
      return `${named(outcome.build)} is right for this device, once its files are resolved.`
    case 'propose':
      return `${named(outcome.build)} is proposed instead of ${named(outcome.instead)}${gainWords(outcome.gain)}.`
    case 'keep':
      return `${named(outcome.build)} stays${
        outcome.better
          ? `: ${named(outcome.better.build)} would gain ${percent(outcome.better.gain)}, and ${percent(outcome.better.needGain)} is the least for a change`
          : ''
      }.`
    case 'refused':
      return `No build is right for this device.${offerWords(outcome.offer, named)}`
  }
}

/** A pin overrules the policy, and says so where the policy would have had another. */
function pinWords({ pinned, standing }: Candidate, policy: PolicyName): string[] {
  const stands = standing[policy]
  if (!pinned) return []
  return [`it is pinned${stands.tier === null ? `, although ${sentenceOf(stands.refusal)}` : ''}`]
}

const gainWords = (gain: number | null) => (gain === null ? ', which may not stay' : `, a gain of ${percent(gain)}`)

function offerWords(offer: Extract<Outcome, { kind: 'refused' }>['offer'], named: (id: string) => string): string {
  if (!offer) return ' Nothing else of the catalogue fits either.'
  return offer.needs === 'another-engine'
    ? ` ${named(offer.build)} would be, if its engine were there.`
    : ` ${named(offer.build)} would fit, but is not what the policy wants.`
}

function reasonsFor(chosen: Candidate): string[] {
  const { fit, speed } = chosen
  const { options } = fit ?? {}
  return [
    ...(fit
      ? [`needs ${gibibytes(fit.needBytes)} of ${gibibytes(fit.haveBytes, 'down')} usable ${placeWords[fit.pool]}`]
      : []),
    ...(options
      ? [`context ${tokens(options.context)}, cache ${options.cacheType}, micro-batch ${options.microBatch}`]
      : []),
    ...(speed ? [speedWords(speed)] : []),
    scoreWords(chosen),
  ]
}

/** How long the longest clip takes that it should be given, so that nobody learns only from the device that it is slower than live. */
function hearingWords({ build: id, speed }: Candidate, { workload }: Decision, { builds }: Catalogue): string[] {
  const build = builds.find((one) => one.id === id)
  if (!speed || !build || !needsHearing(workload)) return []
  const seconds = clipSecondsOf(build)
  const factor = realTimeFactor(speed, seconds, translates(workload))
  if (factor === undefined) return ['how fast it hears is not known']
  const pace = factor > 1 ? 'slower than live' : 'keeps up with live speech'
  return [
    `hears ${seconds} s of speech in ${(factor * seconds).toFixed(0)} s: ${pace} (${factor.toFixed(2)} s of work for each)`,
  ]
}

/** How well each spoken language was understood in a published test, or that there is none. */
function languageWords(chosen: Candidate, { workload }: Decision, { variants }: Catalogue): string[] {
  const speech = variants.find(({ id }) => id === chosen.variant)?.speech
  return (workload.languages ?? []).map((language) => {
    const { errors, bleu } = speech?.languages[language] ?? {}
    const scores = [
      ...(errors === undefined ? [] : [`${(errors * 100).toFixed(1)} % errors`]),
      ...(bleu === undefined ? [] : [`${bleu} BLEU into English`]),
    ]
    return scores.length > 0
      ? `${language}: ${scores.join(', ')} (${speech?.standing}: ${speech?.source})`
      : `${language}: nobody has published how well it is understood`
  })
}

const placeWords = {
  cards: 'on its cards',
  unified: 'in memory shared with the GPU',
  memory: 'in memory',
}

const scoreWords = ({ score, scores }: Candidate) =>
  `score ${score.toFixed(2)}${scores ? ` (${scoreNames.map((name) => `${name} ${scores[name].toFixed(2)}`).join(', ')})` : ''}`

/** Of a refusal, why the build that came nearest is none. */
function closestReasons({ workload, outcome, candidates, policy }: Decision, named: (id: string) => string): string[] {
  const closest = outcome.kind === 'refused' ? candidates.find(({ build }) => build === outcome.closest) : undefined
  if (!closest && workload.pin !== undefined) return [`${workload.pin} is pinned, and the catalogue does not have it`]
  return closest
    ? [`${named(closest.build)} comes nearest: ${refusalsOf(closest, policy).map(sentenceOf).join('; ')}`]
    : []
}

function claimsOf({ candidates, policy }: Decision, chosen: Candidate | undefined, catalogue: Catalogue): string[] {
  const wanted = chosen ? [chosen] : candidates
  const ids = wanted.flatMap(({ standing }) => {
    const stands = standing[policy]
    return stands.tier === null ? [] : stands.because
  })
  const known = [...catalogue.claims, ...catalogue.variants.flatMap(claimsAbout)]
  return [...new Set(ids)].flatMap((id) => known.find((claim) => claim.id === id) ?? []).map(claimWords)
}

/** The claims of a variant leave its name out. */
const claimsAbout = ({ name, envelope, useCase, limitation }: Variant): Claim[] =>
  [envelope, useCase, limitation].map((claim) => ({ ...claim, says: `${name}: ${claim.says}` }))

export const claimWords = ({ says, standing, corrected, source }: Claim): string =>
  corrected === undefined ? `${says} (${standing}: ${source})` : `${says} (contradicted: ${corrected}; ${source})`

/** What it gave up by itself; against the next larger variant what that does better; against the next smaller what it costs. */
function givenUpOf(id: string, catalogue: Catalogue): string[] {
  const { smaller, larger } = neighbours(catalogue, id)
  const variant = catalogue.variants.find((one) => one.id === id)
  return [
    ...(variant ? [claimWords(variant.limitation)] : []),
    ...(larger ? lostWords(larger) : []),
    ...(smaller ? [...lostWords(smaller), costWords(smaller)] : []),
  ]
}

const lostWords = ({ there, figures, lost }: TradeOff): string[] => [
  ...lost.map((ability) => `against ${there}: ${abilityNames[ability]}`),
  ...figures
    .filter((figure) => figure.lost)
    .map(
      ({ name, here, there: other, standing, source }) =>
        `against ${there}: ${figureNames[name]} ${here} instead of ${other} (${standing}: ${source})`,
    ),
]

const costWords = ({ there, perToken }: TradeOff) =>
  `against ${there}: ${(perToken.here / perToken.there).toFixed(1)} times the weights to read for each token`

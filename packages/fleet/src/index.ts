export * from './admission'
export * from './catalogue/catalogue'
export { spokenLanguages } from './catalogue/languages'
export { comparators } from './catalogue/licences'
export { speech, speechPrompts } from './catalogue/speech'
export * from './device-class'
export * from './enrolment'
export * from './health/explain-problem'
export * from './health/fleet-problem'
export * from './health/health'
export * from './health/health-page'
export * from './health/problem'
export { type HealthCode, healthCodes, windowMs as healthWindowMs } from './health/scales'
export * from './models/matrix'
export * from './models/reach'
export * from './moment'
export { type Candidate, isRefused, isUnresolved } from './placement/candidate'
export { type Difference, differencesOf, differenceWords } from './placement/compare'
export { type Decision, decide, decider } from './placement/decide'
export * from './placement/device'
export { claimWords, type Explanation, explain, explanationLines, refusalsOf } from './placement/explain'
export { type Fit, fitter, holdOptionsOf, isHeldOtherwise, longestThatFits } from './placement/fit'
export * from './placement/memory'
export { type Offer, type Outcome, ranked, tierOf } from './placement/outcome'
export { type Pool, poolsOf } from './placement/pools'
export { type Preview, preview } from './placement/preview'
export type { Refusal, RefusalCode } from './placement/refusal'
export { remedyOf } from './placement/remedies'
export { clipSecondsOf, missingBytes } from './placement/requirements'
export { type ScoreName, scoreNames, translates } from './placement/score'
export {
  abilityNames,
  figureNames,
  gibibytes,
  percent,
  policyNames,
  refusalCodes,
  sentenceOf,
  speedWords,
  tokens,
} from './placement/sentences'
export { deratingOf, knownSpeeds, predictSpeed, realTimeFactor, type Speed } from './placement/speed'
export { neighbours, type TradeOff, tradeOff } from './placement/tradeoff'
export * from './placement/workload'
export * from './presence'
export * as rollouts from './rollout/rollout'
export { type Plan, plan } from './seek/plan'
export { type Hence, hence, retryAt } from './seek/retry'
export { type Failure as SeekFailure, homeOf, isApplied, type Observed, steps, type Target } from './seek/steps'
export { type WordErrors, wordErrorRate, wordErrors } from './speech/word-errors'
export * from './sync'
export * from './work'

import type { PolicyName } from '@tradewind/protocol'
import { type Candidate, isRefused, isUnresolved } from './candidate'
import type { Serving } from './device'

/**
 * `assign`: nothing serves yet. `keep`: what serves is right, or not enough would be gained. `propose`: a better one
 * waits for a person or a rollout. `unresolved`: this build, once its files are resolved. `refused`: none, and what
 * would come next.
 */
export type Outcome =
  | { kind: 'assign' | 'unresolved'; build: string }
  | { kind: 'keep'; build: string; better?: { build: string; gain: number; needGain: number } }
  | { kind: 'propose'; build: string; instead: string; gain: number | null }
  | { kind: 'refused'; closest: string | null; offer: Offer | null }

/** Never given unasked: another variant than the matrix says, or the same with an engine that is not there. */
export type Offer = { build: string; needs: 'another-variant' | 'another-engine' }

export function conclude(
  candidates: Candidate[],
  policy: PolicyName,
  serving: Serving | undefined,
  needGain: number,
): Outcome {
  const best = bestOf(candidates, policy)
  if (!best) return refused(candidates, policy)
  if (!serving && isUnresolved(best)) return { kind: 'unresolved', build: best.build }
  if (!serving) return { kind: 'assign', build: best.build }
  return change(candidates, policy, serving.build, best, needGain)
}

/** A serving device is left alone unless it may not stay, the matrix wants another variant, or enough is gained. */
function change(
  candidates: Candidate[],
  policy: PolicyName,
  servingBuild: string,
  best: Candidate,
  needGain: number,
): Outcome {
  const serving = candidates.find(({ build }) => build === servingBuild)
  if (best.build === servingBuild) return { kind: 'keep', build: servingBuild }
  const proposal = { kind: 'propose', build: best.build, instead: servingBuild } as const
  if (isUnresolved(best)) return { kind: 'keep', build: servingBuild }
  if (!serving || isRefused(serving) || tierOf(serving, policy) !== tierOf(best, policy))
    return { ...proposal, gain: null }
  const gain = best.score / serving.score - 1
  return gain >= needGain
    ? { ...proposal, gain }
    : { kind: 'keep', build: servingBuild, better: { build: best.build, gain, needGain } }
}

/** The builds that may be chosen, the best first. */
export const ranked = (candidates: Candidate[], policy: PolicyName): Candidate[] =>
  candidates.filter((one) => mayBeChosen(one, policy)).sort((a, b) => byMatrix(a, b, policy))

const mayBeChosen = (one: Candidate, policy: PolicyName) => tierOf(one, policy) !== null && !isRefused(one)

/** Said twice for every device of a fleet, so it does not sort. */
function bestOf(candidates: Candidate[], policy: PolicyName): Candidate | undefined {
  let best: Candidate | undefined
  for (const one of candidates) if (mayBeChosen(one, policy) && (!best || byMatrix(one, best, policy) < 0)) best = one
  return best
}

/** The matrix comes first, then files that are known, then the score; of equals the first by name. */
const byMatrix = (a: Candidate, b: Candidate, policy: PolicyName) =>
  Number(tierOf(a, policy)) - Number(tierOf(b, policy)) ||
  Number(isUnresolved(a)) - Number(isUnresolved(b)) ||
  byScore(a, b)
const byScore = (a: Candidate, b: Candidate) => b.score - a.score || byName(a, b)
const byName = (a: Candidate, b: Candidate) => (a.build < b.build ? -1 : 1)

export const tierOf = ({ pinned, standing }: Candidate, policy: PolicyName) => (pinned ? 0 : standing[policy].tier)

function refused(candidates: Candidate[], policy: PolicyName): Outcome {
  const wanted = candidates.filter((one) => tierOf(one, policy) !== null && isNotPinnedAway(one))
  const [closest] = wanted.toSorted((a, b) => byShortage(a, b, policy))
  return { kind: 'refused', closest: closest?.build ?? null, offer: offerOf(candidates, wanted, policy) }
}

/** Where one is pinned, no other comes near. */
const isNotPinnedAway = ({ refusals }: Candidate) => !refusals.some(({ code }) => code === 'not-pinned')

const byShortage = (a: Candidate, b: Candidate, policy: PolicyName) =>
  Number(tierOf(a, policy)) - Number(tierOf(b, policy)) ||
  a.refusals.length - b.refusals.length ||
  shortBytes(a) - shortBytes(b) ||
  byName(a, b)

function shortBytes({ refusals }: Candidate): number {
  const short = refusals.find(({ code }) => code === 'memory-short')
  return short?.code === 'memory-short' ? short.needBytes - short.haveBytes : 0
}

/** Rather the variant that is wanted, with another engine, than another variant. */
function offerOf(candidates: Candidate[], wanted: Candidate[], policy: PolicyName): Offer | null {
  const [engine] = wanted.filter(lacksOnlyTheEngine).sort(byScore)
  if (engine) return { build: engine.build, needs: 'another-engine' }
  const [variant] = candidates.filter((one) => !isRefused(one) && isOnlyOffTheMatrix(one, policy)).sort(byScore)
  return variant ? { build: variant.build, needs: 'another-variant' } : null
}

const lacksOnlyTheEngine = ({ refusals }: Candidate) =>
  refusals.every(({ code }) => code === 'engine-unsupported' || code === 'files-unresolved')

/** What is too unreliable for a workload is not offered for it either. */
function isOnlyOffTheMatrix({ standing }: Candidate, policy: PolicyName): boolean {
  const stands = standing[policy]
  return stands.tier === null && stands.refusal.code !== 'unreliable'
}

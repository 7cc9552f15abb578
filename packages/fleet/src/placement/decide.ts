import type { Catalogue, PolicyName } from '@tradewind/protocol'
import { type Candidate, judgeOf, viewOf } from './candidate'
import type { Measured, PlacementDevice } from './device'
import { conclude, type Outcome } from './outcome'
import { otherPolicy, policyOf } from './policy'
import { type KnownSpeeds, knownSpeeds } from './speed'
import { defaults, type Workload } from './workload'

/** Which build a device gets for a workload, with every candidate, and what the other policy would say. */
export type Decision = {
  workload: Workload
  policy: PolicyName
  outcome: Outcome
  /** in the order of the catalogue */
  candidates: Candidate[]
  other: { policy: PolicyName; outcome: Outcome }
}

export const decide = (
  device: PlacementDevice,
  catalogue: Catalogue,
  workload: Workload,
  measured: Measured = () => undefined,
): Decision => decider(catalogue, workload, measured)(device)

/** Decides for one device after the other. Throws when the catalogue has a build without its variant. */
export function decider(catalogue: Catalogue, workload: Workload, measured: Measured = () => undefined) {
  const policy = policyOf(workload)
  const { gainToChange = defaults.gainToChange } = workload
  const judges = judgesOf(catalogue, workload)
  const speedsOf = rememberedSpeeds(catalogue)

  return (device: PlacementDevice): Decision => {
    const view = viewOf(device, speedsOf(device))
    const candidates = judges.map(({ build, judge }) => judge(view, measured(build, device)))
    const outcome = (under: PolicyName) => conclude(candidates, under, device.serving, gainToChange)
    const other = otherPolicy(policy)
    return { workload, policy, outcome: outcome(policy), candidates, other: { policy: other, outcome: outcome(other) } }
  }
}

function judgesOf(catalogue: Catalogue, workload: Workload) {
  const variants = new Map(catalogue.variants.map((variant) => [variant.id, variant]))
  return catalogue.builds.map((build) => {
    const variant = variants.get(build.variant)
    if (!variant) throw new Error(`${build.id} is a build of ${build.variant}, which the catalogue does not have`)
    return { build, judge: judgeOf(catalogue, variant, build, workload) }
  })
}

/** Devices of a fleet are of few kinds: the catalogue is searched once for each. */
function rememberedSpeeds(catalogue: Catalogue) {
  const known = new Map<string, KnownSpeeds>()
  return ({ facts }: PlacementDevice): KnownSpeeds => {
    const kind = [facts.board?.model, facts.cpu?.model, ...(facts.accelerators ?? []).map(({ name }) => name)].join(
      '\n',
    )
    const speeds = known.get(kind) ?? knownSpeeds(catalogue, facts)
    known.set(kind, speeds)
    return speeds
  }
}

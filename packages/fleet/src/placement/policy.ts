import type { Catalogue, PolicyName, UseCase, Variant } from '@tradewind/protocol'
import type { Refusal } from './refusal'
import { defaults, type Workload } from './workload'

/** Tier 0 is what the matrix chooses, tier 1 what it accepts where nothing of that fits. */
export type PolicyStanding = { tier: 0 | 1; because: string[] } | { tier: null; refusal: Refusal }

/** With low tolerance a variant needs at least this index, where one is known. */
const reliableIndex = -30

/** Where a variant stands under a policy, for all use cases of a workload together: the worst of them counts. */
export function policyStanding(
  catalogue: Catalogue,
  variant: Variant,
  workload: Workload,
  policy: PolicyName,
): PolicyStanding {
  const unreliable = workload.hallucination === 'low' ? unreliability(variant, policy) : undefined
  if (unreliable) return { tier: null, refusal: unreliable }
  let tier: 0 | 1 = 0
  const because: string[] = []
  for (const useCase of workload.useCases) {
    const rule = ruleFor(catalogue, policy, useCase, workload.context)
    if (!rule) return { tier: null, refusal: { code: 'policy-silent', contextTokens: workload.context } }
    if (!rule.choose.includes(variant.id)) {
      if (!rule.accept.includes(variant.id)) {
        return {
          tier: null,
          refusal: { code: 'not-in-matrix', contextTokens: workload.context, chosen: rule.choose },
        }
      }
      tier = 1
    }
    because.push(...rule.because)
  }
  return { tier, because: [...new Set(because)] }
}

export const ruleFor = ({ rules }: Catalogue, policy: PolicyName, useCase: UseCase, context: number) =>
  rules.find(
    (rule) =>
      rule.policy === policy &&
      rule.useCase === useCase &&
      context >= (rule.from ?? 0) &&
      context < (rule.below ?? Number.POSITIVE_INFINITY),
  )

/** The article's own figures count only under its own policy. */
function unreliability({ figures: { aaOmniscience } }: Variant, policy: PolicyName): Refusal | undefined {
  if (!aaOmniscience || aaOmniscience.value >= reliableIndex) return undefined
  if (policy === 'evidence' && aaOmniscience.standing === 'article-only') return undefined
  return { code: 'unreliable', index: aaOmniscience.value, atLeast: reliableIndex }
}

export const policyOf = ({ policy = defaults.policy }: Workload): PolicyName => policy
export const otherPolicy = (policy: PolicyName): PolicyName => (policy === 'evidence' ? 'article' : 'evidence')

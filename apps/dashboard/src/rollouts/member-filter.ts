import type { MemberOutcome, RolloutSummary } from '@tradewind/protocol'
import { readPage } from '../fleet/filters'
import { memberNames } from '../words/explain-rollout'

/** Which members are listed, as it stands in the URL; waves there count from 1. */
export type MemberFilter = { outcome: MemberOutcome | null; wave: number | null; page: number }

export const membersPerPage = 100
export const shownOutcomes = Object.keys(memberNames) as MemberOutcome[]

export function readMemberFilter(query: URLSearchParams): MemberFilter {
  const wave = Number(query.get('wave'))
  return {
    outcome: shownOutcomes.find((one) => one === query.get('outcome')) ?? null,
    wave: Number.isSafeInteger(wave) && wave > 0 ? wave - 1 : null,
    page: readPage(query.get('page')),
  }
}

export function writeMemberFilter({ outcome, wave, page }: MemberFilter): string {
  const query = new URLSearchParams()
  if (outcome) query.set('outcome', outcome)
  if (wave !== null) query.set('wave', String(wave + 1))
  if (page > 1) query.set('page', String(page))
  return query.size > 0 ? `?${query}` : ''
}

/** The least time until it can end: each wave that is left must soak. Null where it has ended or does not move. */
export function leastMsLeft({
  state,
  wave,
  waves,
  plan,
}: Pick<RolloutSummary, 'state' | 'wave' | 'waves' | 'plan'>): number | null {
  if (state !== 'running' || plan.gate.soakMs === 0) return null
  return (waves - wave) * plan.gate.soakMs
}

import type { MemberOutcome, RolloutMember } from '@tradewind/protocol'

export type Count = Record<Exclude<MemberOutcome, 'left'>, number> & { members: number }

/** Members by outcome: without those who left, and those whose failure a person has accepted. */
export function count(members: RolloutMember[]): Count {
  const counted: Count = { members: 0, waiting: 0, absent: 0, changing: 0, succeeded: 0, failed: 0 }
  for (const { outcome, excused } of members) {
    if (outcome === 'left' || (excused && outcome === 'failed')) continue
    counted.members++
    counted[outcome]++
  }
  return counted
}

/** How many members of a wave must have succeeded. */
export const needed = ({ members }: Count, successShare: number) => Math.ceil(members * successShare - 1e-9)

import type { AssignmentCause } from '@tradewind/store'

/** One device that is to have a build, or, with `backTo`, the assignment of that revision again. */
export type Change = {
  deviceId: string
  rolloutId: string
  build: string
  workload: { id: string; version: number } | null
  backTo: number | null
}

export type Assigned = {
  assigned: { deviceId: string; revision: number; build: string }[]
  refused: { deviceId: string; code: string }[]
}

/**
 * Makes assignments: the rows are on the disk, with cause and `rolloutId`, before it resolves, and the devices are told
 * after. It rejects when nothing was done; a rollout then asks again. What it refuses is not asked for again before a
 * person resumes the rollout.
 */
export type Assign = (
  changes: Change[],
  actor: string,
  cause: Extract<AssignmentCause, 'rollout' | 'roll-back'>,
) => Promise<Assigned>

/** Of a hub that places nothing. */
export const nobodyAssigns: Assign = async (changes) => ({
  assigned: [],
  refused: changes.map(({ deviceId }) => ({ deviceId, code: 'assigning-unavailable' })),
})

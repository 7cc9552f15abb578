import type { AssignmentCause } from '@tradewind/store'
import type { Assigner } from '../assignment/assigner'

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

/** By the one way there is; the changes are of one rollout. */
export const assigning =
  (assigner: Assigner): Assign =>
  async (changes, actor, cause) => {
    const by = { actor, cause, rolloutId: changes[0]?.rolloutId }
    const back = changes.flatMap(({ deviceId, backTo }) => (backTo === null ? [] : [{ deviceId, revision: backTo }]))
    const wishes = changes.flatMap(({ deviceId, build, workload, backTo }) =>
      backTo === null ? [{ deviceId, build, workload: workload?.id ?? null }] : [],
    )
    const [undone, done] = [await assigner.back(back, by), await assigner.assign(wishes, by)]
    return { assigned: [...undone.assigned, ...done.assigned], refused: [...undone.refused, ...done.refused] }
  }

import type { RolloutSummary, Workload } from '@tradewind/protocol'
import type { ProposalRow, UnplacedRow, WorkloadHold, WorkloadRow } from '@tradewind/store'

export type Trouble = { deviceId: string; deviceName: string; atMs: number; words: string[]; needs: string[] }

/** A workload with what has come of it. */
export type WorkloadShown = {
  id: string
  version: number
  workload: Workload
  isWaiting: boolean
  changedMs: number
  changedBy: string
  /** devices that have it by their newest assignment */
  devices: number
  builds: { build: string; devices: number }[]
  proposals: number
  refused: number
  unresolved: number
  tied: number
  rollout: { id: string; state: RolloutSummary['state'] } | null
}

type Known = {
  workloads: WorkloadRow[]
  holds: WorkloadHold[]
  proposals: Pick<ProposalRow, 'workloadId'>[]
  unplaced: UnplacedRow[]
  rollouts: Pick<RolloutSummary, 'id' | 'workloadId' | 'state' | 'endedAt'>[]
}

export function shapeWorkloads({ workloads, holds, proposals, unplaced, rollouts }: Known): WorkloadShown[] {
  return workloads.map(({ id, version, placedVersion, workload, changedMs, changedBy }) => {
    const builds = holds.filter(({ workloadId }) => workloadId === id).map(({ build, devices }) => ({ build, devices }))
    const live = rollouts.find((one) => one.workloadId === id && one.endedAt === null)
    const kinds = unplaced.filter((one) => concerns(one, id)).map(({ kind }) => kind)
    const ofKind = (kind: UnplacedRow['kind']) => kinds.filter((one) => one === kind).length
    return {
      ...{ id, version, workload, changedMs, changedBy, builds },
      isWaiting: version > placedVersion,
      devices: builds.reduce((sum, one) => sum + one.devices, 0),
      proposals: proposals.filter(({ workloadId }) => workloadId === id).length,
      ...{ refused: ofKind('refused'), unresolved: ofKind('unresolved'), tied: ofKind('tie') },
      rollout: live ? { id: live.id, state: live.state } : null,
    }
  })
}

/** A tie is of several. */
export const concerns = ({ workloadId, detail }: UnplacedRow, id: string): boolean =>
  workloadId === id || ('workloads' in detail && detail.workloads.includes(id))

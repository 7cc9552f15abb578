import { type Decision, isHeldOtherwise, workloadFor } from '@tradewind/fleet'
import type { Findings, NewAssignment, PlacedDevice, WorkloadRow } from '@tradewind/store'
import { changeOf, refusalsOf } from '../assignment/change'
import type { Wanted } from '../rollout/rollouts'
import type { Known } from './known'

/**
 * What follows for one device. `settled`: it has what it should, or nothing wants it. `first`: it was never assigned
 * anything, and gets this. `other`: something else than it has would be right, which a person or a rollout decides.
 * `unplaced`: people must know why it has not what it should.
 */
export type Verdict =
  | { kind: 'settled' }
  | { kind: 'first'; row: WorkloadRow; change: NewAssignment }
  | { kind: 'other'; row: WorkloadRow; proposal: Findings['proposed'][number] }
  | { kind: 'unplaced'; trouble: Findings['unplaced'][number] }

export function verdictOf(known: Known, device: PlacedDevice): Verdict {
  const selection = workloadFor(
    device,
    known.workloads.map(({ workload }) => workload),
  )
  if (selection.kind === 'none') return { kind: 'settled' }
  if (selection.kind === 'tie') {
    const detail = { priority: selection.priority, workloads: selection.workloads.map(({ id }) => id) }
    const trouble = { deviceId: device.id, workloadId: null, workloadVersion: null, build: null, detail }
    return { kind: 'unplaced', trouble: { ...trouble, kind: 'tie' } }
  }
  const row = known.workload(selection.workload.id)
  return row ? byDecision(known, device, row) : { kind: 'settled' }
}

/**
 * What a device that comes under a workload is to get of it; null: it has been under it all along, or is under none. What
 * makes another build right for a device that is under it already is news, and news only make proposals. A workload
 * that has just changed concerns all its devices: they become its rollout together.
 */
export function arrivalOf(device: PlacedDevice, verdict: Verdict) {
  const wanted = wantedOf(verdict)
  if (!wanted || isChanging(wanted.row) || device.assigned?.workloadId === wanted.row.id) return null
  return wanted
}

/** What the workload of a device wants it to have instead of what it has, or of nothing. */
export function wantedOf(verdict: Verdict): { row: WorkloadRow; target: Wanted } | null {
  if (verdict.kind !== 'first' && verdict.kind !== 'other') return null
  const { row } = verdict
  return verdict.kind === 'first'
    ? { row, target: { deviceId: verdict.change.deviceId, build: verdict.change.build.id } }
    : { row, target: { deviceId: verdict.proposal.deviceId, build: verdict.proposal.build } }
}

/** It was made or changed with a plan, and is not a rollout yet. */
export const isChanging = ({ version, placedVersion }: WorkloadRow) => version > placedVersion

function byDecision(known: Known, device: PlacedDevice, row: WorkloadRow): Verdict {
  const decision = known.decide(device, row, null)
  const { outcome } = decision
  const about = { deviceId: device.id, workloadId: row.id, workloadVersion: row.version }
  const propose = (build: string, instead: string, gain: number | null): Verdict => ({
    kind: 'other',
    row,
    proposal: { ...about, build, instead, gain },
  })
  switch (outcome.kind) {
    case 'assign': {
      const result = changeOf(known, device, row, null)
      return result.ok ? { kind: 'first', row, change: result.change } : { kind: 'settled' }
    }
    case 'propose':
      return propose(outcome.build, outcome.instead, outcome.gain)
    case 'keep':
      return asksOther(device, row, decision, outcome.build)
        ? propose(outcome.build, outcome.build, null)
        : { kind: 'settled' }
    default: {
      const build = outcome.kind === 'refused' ? outcome.closest : outcome.build
      const offer = outcome.kind === 'refused' ? outcome.offer : null
      const trouble = { ...about, kind: outcome.kind, build, detail: { refusals: refusalsOf(decision), offer } }
      return { kind: 'unplaced', trouble }
    }
  }
}

/** The same build for another workload, or held otherwise. */
function asksOther({ assigned }: PlacedDevice, row: WorkloadRow, { candidates }: Decision, build: string): boolean {
  const fit = candidates.find((one) => one.build === build)?.fit
  if (!assigned || !fit) return false
  return assigned.workloadId !== row.id || isHeldOtherwise(assigned.options, fit)
}

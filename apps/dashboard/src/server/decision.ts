import {
  type Decision,
  decide,
  differencesOf,
  differenceWords,
  measuredBy,
  type Workload,
  workloadFor,
} from '@tradewind/fleet'
import type { AssignmentRow, PlacedDevice, Store } from '@tradewind/store'
import { type Panel, panelOf } from '../decision/panel'
import { unasked } from './preview'

export type Decided = {
  deviceId: string
  /** null: none selects the device, or several of one priority do */
  workload: string | null
  tied: string[]
  /** null: the device is tied */
  decision: Decision | null
  panel: Panel | null
  /** what its newest assignment rests on; null: nothing was ever assigned */
  basis: Basis | null
}
export type Basis = Pick<
  AssignmentRow,
  'revision' | 'atMs' | 'actor' | 'cause' | 'build' | 'rolloutId' | 'workloadId'
> & {
  /** what is otherwise now, in words; null: a person chose the build, so there is nothing to compare */
  differs: string[] | null
}

/**
 * What is right for a device now, and why. `context` asks what would be with another one, in tokens of one request.
 * Null when there is no such device, or it has not reported.
 */
export async function decisionFor(store: Store, id: string, context?: number): Promise<Decided | null> {
  const [device] = await store.placedDevices([id])
  if (!device) return null
  const [workloads, catalogue, [assignment], measurements, own] = await Promise.all([
    store.workloads(),
    store.catalogue(),
    store.assignments(id, 1),
    store.measurements(device.deviceClass),
    store.measuredOf(id),
  ])
  const selection = workloadFor(
    device,
    workloads.map((row) => row.workload),
  )
  const about = { deviceId: id, workload: null, tied: [] as string[], decision: null, panel: null }
  if (selection.kind === 'tie')
    return { ...about, tied: selection.workloads.map((one) => one.id), basis: basisOf(assignment, null) }
  const asked = selection.kind === 'one' ? selection.workload : heldNow(device)
  const workload = context === undefined ? asked : { ...asked, context }
  const measured = measuredBy(measurements)
  const decision = decide(device, catalogue, workload, measured)
  const predicted = decide(device, catalogue, workload)
  const isAsked = selection.kind === 'one'
  const ownContext = asked.context
  return {
    ...about,
    ...(isAsked && { workload: asked.id, decision }),
    panel: panelOf({ device, catalogue, decision, predicted, isAsked, ownContext, measured, own }),
    basis: basisOf(assignment, isAsked && context === undefined ? decision : null),
  }
}

/** Of a device that no workload selects nothing is asked but what it holds now, or a short context. */
function heldNow({ assigned }: PlacedDevice): Workload {
  const { context = unasked.context, slots = 1 } = assigned?.options ?? {}
  return { ...unasked, context: Math.floor(context / slots), slots }
}

function basisOf(assignment: AssignmentRow | undefined, now: Decision | null): Basis | null {
  if (!assignment) return null
  const { revision, atMs, actor, cause, build, rolloutId, workloadId, decision } = assignment
  const differs = decision && now ? differencesOf(decision, now).map(differenceWords) : null
  return { revision, atMs, actor, cause, build, rolloutId, workloadId, differs }
}

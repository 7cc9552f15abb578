import type { Catalogue, ModelFile } from '@tradewind/protocol'
import { type Decision, decider } from './decide'
import type { Measured, PlacementDevice } from './device'
import type { RefusalCode } from './refusal'
import { type Workload, workloadFor } from './workload'

/** What would become of a fleet, before anything is sent to it. Devices by their ids. */
export type Preview = {
  devices: number
  /** outcome of each device that a workload selects */
  assigned: string[]
  kept: string[]
  proposed: string[]
  unresolved: string[]
  refused: string[]
  /** that no workload selects */
  idle: string[]
  /** that several workloads of one priority select: nothing is decided for them */
  tied: { device: string; workloads: string[] }[]
  /** devices for each build, what they run on the way to it not counted */
  builds: Record<string, number>
  /** of the refused devices, how many meet each code in the build that comes nearest; a device may meet several */
  refusedBy: Partial<Record<RefusalCode, number>>
  /** that all devices together have to fetch and to keep */
  diskBytes: number
  /** each of those files once: what a mirror fetches from the source */
  downloadBytes: number
}

/** Decides over a whole fleet for draft workloads. Ids must be unique. `each` is told of every decision as it is made. */
export function preview(
  fleet: ({ id: string } & PlacementDevice)[],
  catalogue: Catalogue,
  workloads: Workload[],
  measured?: Measured,
  each: (device: string, decision: Decision) => void = () => {},
): Preview {
  const deciders = new Map(workloads.map((workload) => [workload, decider(catalogue, workload, measured)]))
  const files = new Map(catalogue.builds.map(({ id, files }) => [id, files]))
  const fetched = new Map<string, number>()
  const total: Preview = {
    ...{ devices: fleet.length, assigned: [], kept: [], proposed: [], unresolved: [], refused: [] },
    ...{ idle: [], tied: [], builds: {}, refusedBy: {}, diskBytes: 0, downloadBytes: 0 },
  }
  for (const device of fleet) {
    const selection = workloadFor(device, workloads)
    if (selection.kind === 'none') total.idle.push(device.id)
    else if (selection.kind === 'tie')
      total.tied.push({ device: device.id, workloads: selection.workloads.map(({ id }) => id) })
    else {
      const decision = deciders.get(selection.workload)?.(device)
      if (!decision) continue
      each(device.id, decision)
      count(total, device, decision, files, fetched)
    }
  }
  return { ...total, downloadBytes: [...fetched.values()].reduce((sum, bytes) => sum + bytes, 0) }
}

function count(
  total: Preview,
  device: { id: string } & PlacementDevice,
  decision: Decision,
  files: Map<string, ModelFile[]>,
  fetched: Map<string, number>,
) {
  const { outcome } = decision
  total[listOf[outcome.kind]].push(device.id)
  if (outcome.kind === 'refused') {
    for (const code of codesOf(decision, outcome.closest)) total.refusedBy[code] = (total.refusedBy[code] ?? 0) + 1
    return
  }
  total.builds[outcome.build] = (total.builds[outcome.build] ?? 0) + 1
  if (outcome.kind === 'keep') return
  for (const { repository, path, sha256, bytes } of files.get(outcome.build) ?? []) {
    if (sha256 !== null && device.holds?.has(sha256)) continue
    total.diskBytes += bytes
    fetched.set(sha256 ?? `${repository}/${path}`, bytes)
  }
}

/** Where the policy wants no build at all, that is why. */
function codesOf({ candidates, policy }: Decision, closest: string | null): Set<RefusalCode> {
  const nearest = candidates.find(({ build }) => build === closest)
  if (nearest) return new Set(nearest.refusals.map(({ code }) => code))
  return new Set(
    candidates.flatMap(({ standing }) => {
      const stands = standing[policy]
      return stands.tier === null ? [stands.refusal.code] : []
    }),
  )
}

const listOf = {
  assign: 'assigned',
  keep: 'kept',
  propose: 'proposed',
  unresolved: 'unresolved',
  refused: 'refused',
} as const

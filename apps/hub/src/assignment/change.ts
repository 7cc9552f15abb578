import { type Candidate, type Decision, holdOptionsOf, type Refusal } from '@tradewind/fleet'
import type { NewAssignment, PlacedDevice, WorkloadRow } from '@tradewind/store'
import type { Known } from '../placement/known'
import { smokeTestOf } from './smoke-test'

/** `closest`: the build that was asked for, or the one that came nearest; null where nothing did. */
export type Change =
  | { ok: true; change: NewAssignment }
  | { ok: false; closest: string | null; refusals: Refusal[]; decision: Decision }

/** A build for a device that a person, a rollout or placement wants: `build` null leaves the choice to the workload. */
export function changeOf(known: Known, device: PlacedDevice, row: WorkloadRow | null, build: string | null): Change {
  const decision = known.decide(device, row, build)
  const chosen = chosenOf(decision)
  const resolved = chosen && known.resolved(chosen.build)
  if (!chosen?.fit || !resolved || chosen.refusals.length > 0)
    return {
      ok: false,
      closest: chosen?.build ?? closestOf(decision),
      refusals: refusalsOf(decision, chosen),
      decision,
    }
  return {
    ok: true,
    change: {
      deviceId: device.id,
      workload: row && { id: row.id, version: row.version },
      build: resolved,
      options: holdOptionsOf(chosen.fit),
      smoke: smokeTestOf(
        row?.workload ?? null,
        known.baseline(chosen.build, device.deviceClass),
        known.clips(row?.id ?? null, resolved),
      ),
      decision,
    },
  }
}

/** What is pinned is meant, even where a device would rather keep what it has until the files are resolved. */
function chosenOf({ workload: { pin }, outcome, candidates }: Decision): Candidate | undefined {
  const id = pin ?? (outcome.kind === 'refused' ? null : outcome.build)
  return candidates.find(({ build }) => build === id)
}

const closestOf = ({ outcome }: Decision) => (outcome.kind === 'refused' ? outcome.closest : outcome.build)

/** Of the build that comes nearest; where the policy wants none at all, what it says against each. */
export function refusalsOf(decision: Decision, chosen?: Candidate): Refusal[] {
  const { workload, policy, candidates } = decision
  const closest = chosen ?? candidates.find(({ build }) => build === closestOf(decision))
  if (closest) return closest.refusals
  if (workload.pin !== undefined) return [{ code: 'not-pinned', pinned: workload.pin }]
  const said = candidates.flatMap(({ standing }) => {
    const stands = standing[policy]
    return stands.tier === null ? [stands.refusal] : []
  })
  return [...new Map(said.map((refusal) => [refusal.code, refusal])).values()]
}

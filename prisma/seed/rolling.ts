import { rollouts as machine } from '@tradewind/fleet'
import { noteOf, startNote } from '@tradewind/hub/rollout/note'
import { type Rollout, RolloutPlan, type Workload } from '@tradewind/protocol'
import type { SeedStore, WorkloadRow } from '@tradewind/store'
import { idOf } from './cast'
import { operator } from './people'
import { failedReport, type Placing, type Told } from './placing'
import { atTime } from './then'

const minuteMs = 60_000
const stepMs = 4 * minuteMs

type Wanted = {
  workload: Workload
  plan?: Partial<RolloutPlan>
  atMs: number
  /** it is looked at no longer than until then */
  untilMs: number
  /** devices that cannot be reached */
  isAway: (deviceId: string, atMs: number) => boolean
  /** what a device makes of it; the build it had is what it goes back to */
  passes: (deviceId: string) => boolean
}

/** Changes a workload, and takes the change through the fleet as a hub does: with the same machine, minute by minute. */
export async function rollOut(store: SeedStore, placing: Placing, wanted: Wanted): Promise<Rollout | null> {
  const { workload, atMs, untilMs } = wanted
  const plan = RolloutPlan.parse(wanted.plan ?? {})
  await atTime(atMs, () => store.changeWorkload(workload, plan, operator))
  const known = await placing.known()
  const row = known.workload(workload.id) as WorkloadRow
  const targets: { deviceId: string; build: string }[] = []
  await placing.look(known, async (looked) => {
    for (const { verdict } of looked)
      if (verdict.kind === 'other' && verdict.row.id === workload.id)
        targets.push({ deviceId: verdict.proposal.deviceId, build: verdict.proposal.build })
  })
  await store.workloadPlaced(row.id, row.version)
  if (targets.length === 0) return null
  const observe = async (nowMs: number): Promise<machine.Observations> => {
    const stored = await store.observeMembers(targets)
    return new Map(
      stored.map(([id, seen]) => [id, { ...seen, hereSince: wanted.isAway(id, nowMs) ? null : atMs - 86_400_000 }]),
    )
  }
  const seen = await observe(atMs)
  const about = { id: idOf(workload.id, row.version, atMs), seed: 'seed', actor: operator }
  let rollout = machine.begin(
    { ...about, workloadId: row.id, workloadVersion: row.version },
    targets.map(({ deviceId, build }) => {
      const { assigned = null, speed = null, hereSince = null } = seen.get(deviceId) ?? {}
      const before = assigned && { revision: assigned.made, build: assigned.build }
      return { deviceId, build, before, baseline: speed, isHere: hereSince !== null }
    }),
    plan,
    atMs,
  )
  await atTime(atMs, () => store.createRollout(rollout, startNote(rollout)))
  let busy: Told[] = []
  for (let nowMs = atMs + 1_000; nowMs < untilMs && !machine.hasEnded(rollout); nowMs += stepMs) {
    await placing.answer(
      busy.filter(({ change }) => wanted.passes(change.deviceId)),
      nowMs - minuteMs,
    )
    await fail(
      store,
      busy.filter(({ change }) => !wanted.passes(change.deviceId)),
      nowMs - minuteMs,
    )
    const { rollout: after, deeds } = machine.advance(rollout, await observe(nowMs), nowMs)
    const note = noteOf(rollout, after, nowMs, null)
    await store.saveRollout(after, nowMs, note)
    rollout = after
    const due = deeds.flatMap((deed) => (deed.is === 'assign' ? [deed] : []))
    const changes = await placing.changes(known, row.id, due)
    busy = await placing.assign(changes, { actor: operator, cause: 'rollout', rolloutId: rollout.id, atMs: nowMs })
  }
  return rollout
}

/** They have tried it, and are back on what they had. */
async function fail(store: SeedStore, told: Told[], atMs: number) {
  for (const { assigned, change } of told) {
    const { deviceId, build } = change
    const detail = await store.device(deviceId)
    const { revision } = assigned
    const numbers = { build: build.id, revision, code: 'answer-differs' }
    const event = (code: string, more: object) => ({
      ...{ id: idOf(deviceId, code, atMs), deviceId, source: 'device' as const, code, atMs, receivedMs: atMs },
      detail: { ...numbers, ...more },
    })
    await store.commit({
      ...{ batches: [], presences: [], reports: [], measured: [] },
      events: [
        event('smoke-test-failed', { wordErrors: 0.44 }),
        event('rolled-back', { to: detail?.serving?.build ?? 'nothing' }),
      ],
      reported: [
        { deviceId, receivedMs: atMs, reported: failedReport(revision, build.id, atMs, detail?.serving ?? null) },
      ],
    })
  }
}

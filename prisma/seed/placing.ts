import { type Candidate, gemma4, realTimeFactor, speech } from '@tradewind/fleet'
import { changeOf } from '@tradewind/hub/assignment/change'
import { Known } from '@tradewind/hub/placement/known'
import { type Verdict, verdictOf } from '@tradewind/hub/placement/verdict'
import { type BuildMeasured, bytesOf, type Reported, type Serving, type SmokeResult } from '@tradewind/protocol'
import type { Assigned, NewAssignment, PlacedDevice, Store } from '@tradewind/store'
import { resolved } from '../../packages/fleet/src/placement/example'
import type { SeedDevice } from './cast'
import { between } from './chance'
import { admin } from './people'

const [minuteMs, hourMs] = [60_000, 3_600_000]
const engine = { name: 'llama-server', version: 'b9297', commit: '4f1d2a9' }
/** Devices that are decided for at once. */
const slice = 500

export type Told = { assigned: Assigned; change: NewAssignment }
type Answer = { reported: Reported; measured: BuildMeasured | null }

/**
 * Places the fleet as its hub would have: with the hub's own decisions, kept as it keeps them, and answered as agents
 * answer. Nothing is made up but the speeds, which are near to what was predicted.
 */
export class Placing {
  #byId: Map<string, SeedDevice>

  constructor(
    private store: Store,
    fleet: SeedDevice[],
    private seed: number,
  ) {
    this.#byId = new Map(fleet.map((device) => [device.id, device]))
  }

  /** The files of builds, as if the hub had asked for them; the hashes are not those of the real files. */
  async resolveFiles(isWanted: (build: string) => boolean) {
    const known = new Map(gemma4.builds.map((build) => [build.id, build.files]))
    for (const { id, files } of resolved.builds.filter(({ id }) => isWanted(id))) {
      const recorded = files.flatMap(({ repository, path, bytes, sha256 }, i) => {
        const commit = known.get(id)?.[i]?.commit ?? 'c'.repeat(40)
        return sha256 === null ? [] : [{ repository, path, commit, bytes, sha256 }]
      })
      const differs = await this.store.recordFiles(id, recorded, admin)
      if (differs) throw new Error(`${id} has a file that is known otherwise: ${differs.known.path}`)
    }
  }

  async known(): Promise<Known> {
    const { store } = this
    const measured = new Map((await store.measurements()).map((one) => [`${one.build} ${one.deviceClass}`, one]))
    const [catalogue, workloads, baselines] = [
      await store.catalogue(),
      await store.workloads(),
      await store.baselines(),
    ]
    return new Known(
      catalogue,
      workloads,
      ({ id }, { deviceClass }) => measured.get(`${id} ${deviceClass}`),
      baselines,
      () => [],
    )
  }

  /** Looks at all devices; what `each` is given comes slice by slice. */
  async look(known: Known, each: (looked: { device: PlacedDevice; verdict: Verdict }[]) => Promise<void>) {
    const ids = await this.store.placedIds()
    for (let i = 0; i < ids.length; i += slice) {
      const devices = await this.store.placedDevices(ids.slice(i, i + slice))
      await each(devices.map((device) => ({ device, verdict: verdictOf(known, device) })))
    }
  }

  /** What was never assigned anything gets what its workload says, soon after `sinceMs` or after it was enrolled. */
  async placeFirst(sinceMs: number): Promise<number> {
    let count = 0
    await this.look(await this.known(), async (looked) => {
      const changes = looked.flatMap(({ verdict }) => (verdict.kind === 'first' ? [verdict.change] : []))
      const dueMs = ({ deviceId }: NewAssignment) =>
        Math.max(sinceMs, (this.#byId.get(deviceId)?.enrolledMs ?? 0) + 2 * minuteMs)
      const batches = new Map<number, NewAssignment[]>()
      for (const change of changes) {
        const batch = Math.floor(dueMs(change) / (6 * hourMs))
        batches.set(batch, [...(batches.get(batch) ?? []), change])
      }
      for (const some of batches.values()) {
        const atMs = Math.max(...some.map(dueMs))
        const told = await this.assign(some, { actor: 'hub', cause: 'first', atMs })
        await this.answer(told, atMs + 11 * minuteMs)
        count += told.length
      }
    })
    return count
  }

  /** Proposals and troubles, as the hub would have found them then. */
  async find(atMs: number) {
    await this.look(await this.known(), async (looked) => {
      await this.store.keepFindings({
        atMs,
        looked: looked.map(({ device }) => device.id),
        proposed: looked.flatMap(({ verdict }) => (verdict.kind === 'other' ? [verdict.proposal] : [])),
        unplaced: looked.flatMap(({ verdict }) => (verdict.kind === 'unplaced' ? [verdict.trouble] : [])),
      })
    })
  }

  async assign(changes: NewAssignment[], by: Parameters<Store['assign']>[1]): Promise<Told[]> {
    const byDevice = new Map(changes.map((change) => [change.deviceId, change]))
    const made = await this.store.assign(changes, by)
    return made.flatMap((assigned) => {
      const change = byDevice.get(assigned.deviceId)
      return change ? [{ assigned, change }] : []
    })
  }

  /** The change that a rollout asks for: by its workload, with this build. */
  async changes(known: Known, workloadId: string, targets: { deviceId: string; build: string }[]) {
    const row = known.workload(workloadId) ?? null
    const devices = new Map(
      (await this.store.placedDevices(targets.map(({ deviceId }) => deviceId))).map((device) => [device.id, device]),
    )
    return targets.flatMap(({ deviceId, build }) => {
      const device = devices.get(deviceId)
      const result = device && changeOf(known, device, row, build)
      return result?.ok ? [result.change] : []
    })
  }

  /** Devices say that they have done it, and what they measured. The first of a class has nothing to compare with. */
  async answer(told: Told[], atMs: number, speedShare: (deviceId: string) => number = () => 1) {
    const answers = told.map((one) => ({
      deviceId: one.change.deviceId,
      ...this.answerOf(one, atMs, speedShare(one.change.deviceId)),
    }))
    await this.store.commit({
      ...{ batches: [], events: [], presences: [], reports: [] },
      reported: answers.map(({ deviceId, reported }) => ({ deviceId, reported, receivedMs: atMs })),
      measured: answers.flatMap(({ deviceId, measured }) =>
        measured ? [{ deviceId, measured: { builds: [measured] } }] : [],
      ),
    })
  }

  /** `speedShare`: of its usual speed that it has now. */
  answerOf({ assigned, change }: Told, atMs: number, speedShare = 1): Answer {
    const { revision } = assigned
    const { build, smoke } = change
    const device = this.#byId.get(change.deviceId)
    const measured = device ? this.#measured(device, change, atMs, speedShare) : null
    const { generationPerSecond, realTimeFactor } = measured ?? {}
    const answer = {
      ...{ prompt: build.hears ? ('known-clip' as const) : ('known-prompt' as const), text: knownAnswer },
      ...{ generationPerSecond, realTimeFactor },
    }
    const result: SmokeResult = smoke.baseline
      ? { outcome: 'passed', code: null, wordErrors: 0, answer }
      : { outcome: 'flagged', code: null, answer }
    return {
      measured,
      reported: {
        ...{ at: atMs, revisionSeen: revision, revisionApplied: revision, failure: null, restart: 0 },
        serving: {
          ...{ build: build.id, label: build.label ?? build.id, demo: false, state: 'ready' },
          ...{ since: atMs - minuteMs, engine, failure: null },
        },
        seeking: { is: 'converged', revision, build: build.id, step: null, since: atMs, reason: null },
        smoke: result,
        holds: build.files.map(({ sha256 }) => sha256),
      },
    }
  }

  #measured(device: SeedDevice, change: NewAssignment, atMs: number, share: number): BuildMeasured {
    const { build, decision } = change
    const chosen = decision?.candidates.find((one) => one.build === build.id)
    const near = (value: number, what: string) => value * between(0.94, 1.05, this.seed, device.num, build.id, what)
    const { promptPerSecond, generationPerSecond } = speedOf(chosen)
    const speed = {
      ...(promptPerSecond && { promptPerSecond: round(near(promptPerSecond, 'prompt') * share) }),
      ...(generationPerSecond && { generationPerSecond: round(near(generationPerSecond, 'generation') * share) }),
    }
    const live = build.hears
      ? realTimeFactor({ from: 'measured', derating: 1, ...speed }, speech.longestClipSeconds, false)
      : null
    const need = chosen?.fit?.needBytes
    return {
      ...{ build: build.id, at: atMs, deviceClass: device.deviceClass, engine, ...speed },
      ...{ loadMs: Math.round(near(bytesOf(build) / 0.42e6, 'load')) },
      ...(need && { estimatedBytes: Math.round(need), residentBytes: Math.round(near(need, 'resident')) }),
      ...(live && { realTimeFactor: round(live) }),
      ...(device.kind.heats !== null && { temperatureBeforeC: 49.5, temperatureAfterC: share < 1 ? 84.2 : 66.4 }),
    }
  }
}

/** It has tried the build, and is back on what it had. */
export const failedReport = (revision: number, build: string, atMs: number, serving: Serving | null): Reported => ({
  ...{ at: atMs, revisionSeen: revision, revisionApplied: revision - 1 },
  failure: { code: 'smoke-test-failed', detail: 'answer-differs: 44 % of the words differ from the baseline' },
  ...(serving && { serving }),
  smoke: { outcome: 'failed', code: 'answer-differs', wordErrors: 0.44 },
  seeking: {
    ...{ is: 'blocked', revision, build, step: null, since: atMs },
    reason: { code: 'smoke-test-failed', retryAt: null, detail: { code: 'answer-differs', wordErrors: 0.44 } },
  },
})

/** What the known clip says. */
const knownAnswer = 'The quick brown fox jumps over the lazy dog.'

/** As it would be were nothing wrong with the device. */
function speedOf(candidate: Candidate | undefined) {
  const { promptPerSecond, generationPerSecond, derating = 1 } = candidate?.speed ?? {}
  return {
    promptPerSecond: promptPerSecond && promptPerSecond / derating,
    generationPerSecond: generationPerSecond && generationPerSecond / derating,
  }
}

const round = (value: number) => Math.round(value * 100) / 100

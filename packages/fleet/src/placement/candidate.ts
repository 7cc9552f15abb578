import type { Build, Catalogue, Engine, PolicyName, Variant } from '@tradewind/protocol'
import type { Measurement, PlacementDevice } from './device'
import { type Fit, fitter } from './fit'
import { type PolicyStanding, policyStanding } from './policy'
import { type Pool, poolsOf } from './pools'
import type { Refusal } from './refusal'
import { clipSecondsOf, diskRefusal, engineRefusal, heatRefusal, refusedAnywhere, speedRefusal } from './requirements'
import { precisionOf, qualityOf, roomScore, type Scores, speedScore, weighted } from './score'
import { deratingOf, type KnownSpeeds, predictSpeed, type Speed } from './speed'
import type { Workload } from './workload'

/** One build against one device and workload. Fit, speed and scores are there when its memory suffices. */
export type Candidate = {
  build: string
  variant: string
  engine: Engine
  /** what the hardware and the requirements say against it, whatever the policy */
  refusals: Refusal[]
  standing: Record<PolicyName, PolicyStanding>
  /** a person chose it: it needs no word of the policy, which still says what it would have said */
  pinned?: true
  fit?: Fit
  speed?: Speed
  scores?: Scores
  /** from 0 to 1 */
  score: number
}

/** What is asked of a device once, for all builds. */
export type DeviceView = {
  device: PlacementDevice
  pools: Pool[]
  known: KnownSpeeds
  derating: number
  heat: Refusal | undefined
}

export const viewOf = (device: PlacementDevice, known: KnownSpeeds): DeviceView => ({
  device,
  known,
  pools: poolsOf(device),
  derating: deratingOf(device.facts),
  heat: heatRefusal(device.facts),
})

/** Judges one build for one workload: what does not depend on the device is settled before the first of them comes. */
export function judgeOf(catalogue: Catalogue, variant: Variant, build: Build, workload: Workload) {
  const anywhere = refusedAnywhere(catalogue, variant, build, workload)
  const standing = {
    evidence: policyStanding(catalogue, variant, workload, 'evidence'),
    article: policyStanding(catalogue, variant, workload, 'article'),
  }
  const fitIn = fitter(variant, build, workload)
  const quality = qualityOf(catalogue, variant, workload)
  const precision = precisionOf(build, workload)
  const clipSeconds = clipSecondsOf(build)
  const pinned = workload.pin === build.id ? { pinned: true as const } : undefined

  return ({ device, pools, known, derating, heat }: DeviceView, measured: Measurement | undefined): Candidate => {
    const result = fitIn(pools, measured)
    const { fit } = result
    const speed =
      fit && predictSpeed(variant, build, { facts: device.facts, pool: fit.pool, known, measured, derating })
    const here = [
      engineRefusal(build, device),
      result.short && memoryRefusal(pools, result.short),
      diskRefusal(build.files, device),
      heat,
      speed && speedRefusal(speed, build, workload),
    ]
    const scores = fit &&
      speed && { quality, precision, speed: speedScore(speed, clipSeconds, workload), room: roomScore(fit) }
    return {
      build: build.id,
      variant: variant.id,
      engine: build.engine,
      refusals: here.every(isNothing) ? anywhere : [...anywhere, ...here.filter(isSomething)],
      standing,
      ...pinned,
      fit,
      speed,
      scores,
      score: scores ? weighted(scores) : 0,
    }
  }
}

const isNothing = (one: unknown) => one === undefined
const isSomething = (one: Refusal | undefined) => one !== undefined

const memoryRefusal = (
  pools: Pool[],
  short: { needBytes: number; haveBytes: number; longestContext: number },
): Refusal =>
  pools.length === 0 ? { code: 'memory-unknown', needBytes: short.needBytes } : { code: 'memory-short', ...short }

/** What the catalogue lacks is no fault of the device: such a build is named, though not assigned. */
export const isRefused = ({ refusals }: Candidate) => refusals.some(({ code }) => code !== 'files-unresolved')
export const isUnresolved = ({ refusals }: Candidate) => refusals.some(({ code }) => code === 'files-unresolved')

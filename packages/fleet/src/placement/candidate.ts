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

  return ({ device, pools, known, derating, heat }: DeviceView, measured: Measurement | undefined): Candidate => {
    const about = { build: build.id, variant: variant.id, engine: build.engine, standing }
    const result = fitIn(pools, measured)
    const fit = 'fit' in result ? result.fit : undefined
    const speed =
      fit && predictSpeed(variant, build, { facts: device.facts, pool: fit.pool, known, measured, derating })
    const here = [
      engineRefusal(build, device),
      'short' in result ? memoryRefusal(pools, result.short) : undefined,
      diskRefusal(build.files, device),
      heat,
      speed && speedRefusal(speed, build, workload),
    ].filter((one) => one !== undefined)
    const refusals = here.length === 0 ? anywhere : [...anywhere, ...here]
    if (!fit || !speed) return { ...about, refusals, score: 0 }
    const scores = { quality, precision, speed: speedScore(speed, clipSeconds, workload), room: roomScore(fit) }
    return { ...about, refusals, fit, speed, scores, score: weighted(scores) }
  }
}

const memoryRefusal = (
  pools: Pool[],
  short: { needBytes: number; haveBytes: number; longestContext: number },
): Refusal =>
  pools.length === 0 ? { code: 'memory-unknown', needBytes: short.needBytes } : { code: 'memory-short', ...short }

/** What the catalogue lacks is no fault of the device: such a build is named, though not assigned. */
export const isRefused = ({ refusals }: Candidate) => refusals.some(({ code }) => code !== 'files-unresolved')
export const isUnresolved = ({ refusals }: Candidate) => refusals.some(({ code }) => code === 'files-unresolved')

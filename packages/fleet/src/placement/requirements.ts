import type { Build, Catalogue, Facts, ModelFile, Variant } from '@tradewind/protocol'
import { isResolved } from '../catalogue/catalogue'
import { speech } from '../catalogue/speech'
import { broughtEngines, type PlacementDevice } from './device'
import type { Refusal, SpeedUnit } from './refusal'
import { translates } from './score'
import { realTimeFactor, type Speed } from './speed'
import { needsHearing, needsSight, type Workload } from './workload'

/** Kept free on the disk for everything else. Bytes. */
const diskHeadroom = 500e6
/** Below where the kernel powers off, and where it does not say so. Degrees. */
const heat = { belowCritical: 15, limitCelsius: 95 }
/** From so few bits on, a clip must be short. */
const fewBits = 5

/** What speaks against a build whatever the device: asked once for a whole fleet. */
export function refusedAnywhere(catalogue: Catalogue, variant: Variant, build: Build, workload: Workload): Refusal[] {
  const refusals: Refusal[] = []
  if (workload.pin !== undefined && workload.pin !== build.id)
    refusals.push({ code: 'not-pinned', pinned: workload.pin })
  if (needsHearing(workload) && !build.hears) refusals.push({ code: 'no-audio', hearsSeconds: 0 })
  if (needsSight(workload) && !build.sees) refusals.push({ code: 'no-vision', seesImages: 0 })
  if (workload.context > variant.maxContext)
    refusals.push({ code: 'context-too-long', maxTokens: variant.maxContext, askedTokens: workload.context })
  const licence = licenceRefusal(catalogue, build.licence ?? variant.licence, workload)
  if (licence) refusals.push(licence)
  const unresolved = build.files.filter((file) => !isResolved(file)).length
  if (unresolved > 0) refusals.push({ code: 'files-unresolved', files: build.files.length, unresolved })
  return refusals
}

/** A licence that the catalogue does not know allows nobody anything. */
function licenceRefusal({ licences }: Catalogue, id: string, workload: Workload): Refusal | undefined {
  const licence = licences.find((one) => one.id === id)
  const monthlyUsers = workload.monthlyUsers ?? 0
  const allowedUsers = licence?.monthlyUsers ?? Number.POSITIVE_INFINITY
  const forbids = !licence || (workload.commercial === true && !licence.commercial)
  if (forbids) return { code: 'licence', licence: id, monthlyUsers, allowedUsers: 0 }
  return monthlyUsers > allowedUsers ? { code: 'licence', licence: id, monthlyUsers, allowedUsers } : undefined
}

export function engineRefusal(build: Build, { engines = broughtEngines }: PlacementDevice): Refusal | undefined {
  const needBuild = build.minimumEngineBuild ?? 0
  const here = engines.find(({ engine }) => engine === build.engine)
  const isNewEnough = here && (here.build === null || here.build >= needBuild)
  if (isNewEnough) return undefined
  return { code: 'engine-unsupported', engine: build.engine, needBuild, haveBuild: here?.build ?? null }
}

/** Of the files that are not there yet. A disk that could not be read is left to the agent, which looks before it fetches. */
export function diskRefusal(files: ModelFile[], { facts, holds }: PlacementDevice): Refusal | undefined {
  if (!facts.storage) return undefined
  const needBytes = missingBytes(files, holds)
  const haveBytes = Math.max(0, facts.storage.freeBytes - diskHeadroom)
  return needBytes > haveBytes ? { code: 'disk-short', needBytes, haveBytes } : undefined
}

export const missingBytes = (files: ModelFile[], holds: PlacementDevice['holds']) =>
  files.reduce((sum, { sha256, bytes }) => (holds?.has(sha256 ?? '') ? sum : sum + bytes), 0)

/** Nothing is loaded onto a device that is about to power itself off. */
export function heatRefusal({ thermal }: Facts): Refusal | undefined {
  for (const { celsius, criticalCelsius } of thermal?.zones ?? []) {
    const limitCelsius = criticalCelsius === undefined ? heat.limitCelsius : criticalCelsius - heat.belowCritical
    if (celsius >= limitCelsius) return { code: 'too-hot', celsius, limitCelsius }
  }
  return undefined
}

/** A speed that is asked for must be known: unknown is not fast enough. */
export function speedRefusal(speed: Speed, build: Build, workload: Workload): Refusal | undefined {
  const { generationPerSecond, realTimeFactor: factor, firstTokenSeconds } = workload
  const { promptPerSecond } = speed
  return (
    (generationPerSecond && missed('tokens/s', generationPerSecond, speed.generationPerSecond)) ||
    (factor && missed('s/s', factor, realTimeFactor(speed, clipSecondsOf(build), translates(workload)))) ||
    (firstTokenSeconds && missed('s', firstTokenSeconds, promptPerSecond && workload.context / promptPerSecond)) ||
    undefined
  )
}

function missed(unit: SpeedUnit, need: number, have: number | undefined): Refusal | undefined {
  if (have === undefined) return { code: 'speed-unknown', need, unit }
  const isEnough = unit === 'tokens/s' ? have >= need : have <= need
  return isEnough ? undefined : { code: 'too-slow', need, have, unit }
}

/** The longest clip that a build should be given. Seconds. */
export const clipSecondsOf = ({ bitsPerWeight, engine }: Build) =>
  engine === 'llama-server' && bitsPerWeight < fewBits ? speech.longestClipSecondsAt4Bits : speech.longestClipSeconds

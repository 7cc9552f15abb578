import type { Build, Catalogue, Variant } from '@tradewind/protocol'
import { isRefused } from '../placement/candidate'
import { decider } from '../placement/decide'
import type { Measured, Measurement, PlacementDevice } from '../placement/device'
import { correctionOf } from '../placement/fit'
import { longestContext } from '../placement/memory'
import { poolsOf } from '../placement/pools'
import type { Refusal } from '../placement/refusal'
import { deratingOf, knownSpeeds, predictSpeed, type Speed } from '../placement/speed'

/** What a device can do with one variant. */
export type Reach =
  | { can: true; build: string; longestContext: number; speed: Speed; resolved: boolean }
  | { can: false; build: string | null; refusals: Refusal[] }

/** The leanest way to hold a context, as placement would choose it for the longest one. */
const leanest = { slots: 1, cacheType: 'q8_0', microBatch: 128 } as const

/**
 * Which variants a device can run with at least so many tokens of context, whatever a policy would choose: for each
 * variant the build that placement would score best there. Files that nobody has resolved yet are no fault of a device.
 * Room is what is free now with what the device's own engine would give back.
 */
export function reachOf(catalogue: Catalogue, context: number, measured: Measured = () => undefined) {
  const decideFor = decider(catalogue, { id: 'reach', useCases: [], context }, measured)
  const variants = new Map(catalogue.variants.map((one) => [one.id, one]))
  const builds = new Map(catalogue.builds.map((one) => [one.id, one]))
  const longest = rememberedLongest()

  return (device: PlacementDevice): Map<string, Reach> => {
    const { candidates } = decideFor(device)
    const able = new Map<string, Reach>()
    for (const { id } of catalogue.variants) able.set(id, { can: false, build: null, refusals: [] })
    for (const candidate of candidates.toSorted((a, b) => b.score - a.score)) {
      const [variant, build] = [variants.get(candidate.variant), builds.get(candidate.build)]
      const before = able.get(candidate.variant)
      if (!variant || !build || !before || before.can) continue
      const { fit, speed, refusals } = candidate
      if (isRefused(candidate) || !fit || !speed) {
        if (before.build === null || nearer(refusals, before.refusals))
          able.set(variant.id, { can: false, build: build.id, refusals: refusals.filter(isOfDevice) })
        continue
      }
      const room = fit.haveBytes / correctionOf(measured(build, device))
      able.set(variant.id, {
        can: true,
        build: build.id,
        longestContext: longest(variant, build, room, fit.cards),
        speed,
        resolved: refusals.length === 0,
      })
    }
    return able
  }
}

const isOfDevice = ({ code }: Refusal) => code !== 'files-unresolved'

/** Of two refused builds the one that is short of less memory tells more. */
const nearer = (one: Refusal[], other: Refusal[]) => missing(one) < missing(other)
const missing = (refusals: Refusal[]) => {
  const others = refusals.filter((one) => isOfDevice(one) && one.code !== 'memory-short').length
  const short = refusals.find((one) => one.code === 'memory-short')
  return others * 1e15 + (short ? short.needBytes - short.haveBytes : 0)
}

/** Devices of a fleet have much the same room: rounded down to 16 MiB it is searched once for each. */
function rememberedLongest() {
  const step = 16 * 2 ** 20
  const known = new Map<string, number>()
  return (variant: Variant, build: Build, room: number, cards: number): number => {
    const steps = Math.floor(room / step)
    const key = `${build.id} ${cards} ${steps}`
    const found = known.get(key) ?? longestContext(variant, build, leanest, steps * step, cards)
    known.set(key, found)
    return found
  }
}

/** Tokens a second of a build on a device, as they would be told if nobody had measured it. */
export function predictedSpeed(catalogue: Catalogue, build: Build, device: PlacementDevice): Speed {
  const variant = catalogue.variants.find(({ id }) => id === build.variant)
  const pool = poolsOf(device)[0]?.kind ?? 'memory'
  const { facts } = device
  if (!variant) return { from: 'unknown', derating: 1 }
  return predictSpeed(variant, build, {
    facts,
    pool,
    known: knownSpeeds(catalogue, facts),
    derating: deratingOf(facts),
  })
}

/** What devices of one class measured of one build. */
export type OwnFigure = {
  build: string
  deviceClass: string
  devices: number
  generationPerSecond: { least: number; middle: number; most: number } | null
  /** the most that was held, and what was estimated for it */
  residentBytes: number | null
  estimatedBytes: number | null
}

/** The measurements of a fleet, one row for each build and device class, ordered by build. */
export function ownFigures(measurements: Measurement[]): OwnFigure[] {
  const groups = new Map<string, Measurement[]>()
  for (const one of measurements) {
    const key = `${one.build}\n${one.deviceClass}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const speeds = group.flatMap(({ generationPerSecond }) => generationPerSecond ?? []).toSorted((a, b) => a - b)
    const largest = group
      .filter(({ residentBytes }) => residentBytes !== undefined)
      .toSorted((a, b) => (b.residentBytes ?? 0) - (a.residentBytes ?? 0))[0]
    const [least, middle, most] = [speeds[0], speeds[Math.floor(speeds.length / 2)], speeds.at(-1)]
    return [
      {
        build: first.build,
        deviceClass: first.deviceClass,
        devices: group.length,
        generationPerSecond:
          least === undefined || middle === undefined || most === undefined ? null : { least, middle, most },
        residentBytes: largest?.residentBytes ?? null,
        estimatedBytes: largest?.estimatedBytes ?? null,
      },
    ]
  })
}

import type { Build, Catalogue, Facts, Hardware, SpeedPrior, Variant } from '@tradewind/protocol'
import { speech } from '../catalogue/speech'
import type { Measurement } from './device'
import type { Pool } from './pools'

/** Tokens a second, and what they rest on. What nothing is known about is left out. */
export type Speed = {
  from: 'measured' | 'published' | 'computed' | 'unknown'
  promptPerSecond?: number
  generationPerSecond?: number
  /** by which heat, power or battery slow the device down now; already in the figures */
  derating: number
}

/** Share of the bandwidth that decoding reaches: 0.76 measured on E2B; experts are picked anew for each token. */
const bandwidthShare = { dense: 0.76, effective: 0.76, active: 0.35 }
/**
 * Operations a second of one core that prefill reaches, by what it can do. AVX-512 was measured on E2B, dot products and
 * the plain core follow from what was published of a Pi 5 and a Pi 4; AVX2 lies between and is our estimate.
 */
const coreOperations = [
  { feature: 'avx512f', perSecond: 130e9 },
  { feature: 'avx2', perSecond: 60e9 },
  { feature: 'asimddp', perSecond: 37e9 },
  { feature: '', perSecond: 5e9 },
]

/** How much of its speed a device keeps in a condition. They multiply. Our estimates, except for the Pi's clocks. */
const deratings: { factor: number; when: (facts: Facts) => boolean }[] = [
  // a throttled Pi 5 runs at 1.5 of 2.4 GHz
  { factor: 0.63, when: ({ throttling }) => throttling?.now.some((one) => one !== 'soft-temperature-limit') === true },
  { factor: 0.85, when: ({ throttling }) => throttling?.now.includes('soft-temperature-limit') === true },
  { factor: 0.8, when: ({ power }) => power?.source === 'battery' },
]

export const deratingOf = (facts: Facts) =>
  deratings.reduce((product, { factor, when }) => (when(facts) ? product * factor : product), 1)

/** What the catalogue says of one kind of hardware: looked up once, then asked for each build. */
export type KnownSpeeds = { priors: SpeedPrior[]; host?: Hardware; card?: Hardware }

export function knownSpeeds({ speeds, hardware }: Catalogue, facts: Facts): KnownSpeeds {
  const names = {
    board: facts.board?.model ?? '',
    cpu: facts.cpu?.model ?? '',
    card: largestCard(facts)?.name ?? '',
  }
  const isHere = ({ what, on }: { what: keyof typeof names; on: string }) => names[what].includes(on)
  return {
    priors: speeds.filter(isHere),
    host: hardware.find((one) => one.what !== 'card' && isHere(one)),
    card: hardware.find((one) => one.what === 'card' && isHere(one)),
  }
}

const largestCard = ({ accelerators = [] }: Facts) =>
  accelerators
    .filter(({ totalBytes = 0 }) => totalBytes > 0)
    .sort((a, b) => (b.totalBytes ?? 0) - (a.totalBytes ?? 0))[0]

type Where = { facts: Facts; pool: Pool['kind']; known: KnownSpeeds; measured?: Measurement; derating: number }

/** Measured before published before computed; each figure from the best that has it. */
export function predictSpeed(variant: Variant, build: Build, where: Where): Speed {
  const { measured, derating } = where
  const published = publishedSpeed(build, where)
  const computed = computedSpeed(variant, build, where)
  const prompt = measured?.promptPerSecond ?? published?.promptPerSecond ?? computed.promptPerSecond
  const generation = measured?.generationPerSecond ?? published?.generationPerSecond ?? computed.generationPerSecond
  return {
    from: originOf(measured, published, generation),
    promptPerSecond: prompt && prompt * derating,
    generationPerSecond: generation && generation * derating,
    derating,
  }
}

function originOf(measured: Measurement | undefined, published: object | undefined, generation: number | undefined) {
  if (measured?.generationPerSecond !== undefined) return 'measured'
  if (published) return 'published'
  return generation === undefined ? 'unknown' : 'computed'
}

/** A published speed holds for its quantisation; decoding of another one scales with the bits that it reads. */
function publishedSpeed(build: Build, { known, pool }: Where) {
  const prior = known.priors.find(
    ({ variant, engine, what }) =>
      variant === build.variant && engine === build.engine && (what === 'card') === (pool === 'cards'),
  )
  if (!prior) return undefined
  const generationPerSecond = (prior.generationPerSecond * prior.bitsPerWeight) / build.bitsPerWeight
  return { promptPerSecond: prior.promptPerSecond, generationPerSecond }
}

function computedSpeed({ parameters }: Variant, { bitsPerWeight }: Build, { facts, pool, known }: Where) {
  const hardware = pool === 'cards' ? known.card : known.host
  const bandwidth =
    (pool === 'cards' ? undefined : facts.memory?.bandwidthBytesPerSecond) ?? hardware?.bandwidthBytesPerSecond
  const operations = hardware?.operationsPerSecond ?? (pool === 'memory' ? coreSpeed(facts) : undefined)
  const bytesPerToken = (parameters.perToken * bitsPerWeight) / 8
  return {
    promptPerSecond: operations && operations / (2 * parameters.perToken),
    generationPerSecond: bandwidth && (bandwidth * bandwidthShare[parameters.kind]) / bytesPerToken,
  }
}

function coreSpeed({ cpu }: Facts): number | undefined {
  if (!cpu) return undefined
  const best = coreOperations.find(({ feature }) => feature === '' || cpu.features.includes(feature))
  return best && best.perSecond * (cpu.physicalCores ?? cpu.logicalCores)
}

/**
 * Seconds of work for one second of speech, with clips of the longest length; below 1 is faster than live. The audio
 * encoder is left out. Undefined when a speed is unknown.
 */
export function realTimeFactor(
  { promptPerSecond, generationPerSecond }: Speed,
  clipSeconds: number,
  translates: boolean,
) {
  if (promptPerSecond === undefined || generationPerSecond === undefined) return undefined
  const read = speech.tokensPerSecond * clipSeconds + speech.promptTokens
  const written = speech.writtenTokensPerSecond * clipSeconds * (translates ? 2 : 1)
  return (read / promptPerSecond + written / generationPerSecond) / clipSeconds
}

import type { Build, Catalogue, FigureOfMerit, UseCase, Variant } from '@tradewind/protocol'
import type { Fit } from './fit'
import { realTimeFactor, type Speed } from './speed'
import { needsHearing, type Workload } from './workload'

export const scoreNames = ['quality', 'precision', 'speed', 'room'] as const
export type ScoreName = (typeof scoreNames)[number]
/** Each from 0 to 1. */
export type Scores = Record<ScoreName, number>

/** How much each score counts. This table, and nothing else, decides between builds of one tier. */
export const weights: Record<ScoreName, number> = { quality: 3, precision: 2, speed: 3, room: 0.5 }

/** Fast enough that nobody waits: more does not count. */
const comfortable = { generationPerSecond: 20, realTimeFactor: 0.5 }
/** A share of the usable memory that, left free, is room enough. */
const roomEnough = 0.1
/** Half-known is neither good nor bad. */
const unknownScore = 0.5
/** What 4-bit weights are worth that were trained for it; for speech nobody has measured that, so it does not count. */
const quantisationAwarePrecision = 0.9
const fullPrecisionBits = 8

const figureFor: Record<UseCase, FigureOfMerit> = {
  'known-corpus-qa': 'mmluPro',
  code: 'liveCodeBench6',
  'long-document-retrieval': 'mrcr8Needle128k',
  transcription: 'fleursErrors',
  'commercial-at-scale': 'mmluPro',
  'on-device-translation': 'covostBleu',
  'lightweight-multimodal': 'mmluPro',
  'high-stakes-reasoning': 'mmluPro',
}

/** Against the best variant of the catalogue, the mean over the use cases. */
export function qualityOf({ variants }: Catalogue, variant: Variant, workload: Workload): number {
  const scores = workload.useCases.map((useCase) => {
    const name = figureFor[useCase]
    const value = meritOf(variant, name, workload)
    if (value === undefined) return unknownScore
    const all = variants.flatMap((one) => meritOf(one, name, workload) ?? [])
    return name === 'fleursErrors' ? Math.min(...all) / value : value / Math.max(...all)
  })
  return scores.reduce((sum, one) => sum + one, 0) / Math.max(1, scores.length)
}

/** Of speech in the languages that are spoken, where the workload names them: unknown when one of them is. */
export function meritOf(
  { figures, speech }: Variant,
  name: FigureOfMerit,
  { languages }: Workload,
): number | undefined {
  if (!languages || (name !== 'fleursErrors' && name !== 'covostBleu')) return figures[name]?.value
  const scores = languages.flatMap((one) => {
    const tested = speech?.languages[one]
    return (name === 'fleursErrors' ? tested?.errors : tested?.bleu) ?? []
  })
  if (scores.length < languages.length || scores.length === 0) return undefined
  return scores.reduce((sum, one) => sum + one, 0) / scores.length
}

export function precisionOf({ bitsPerWeight, quantisationAware }: Build, workload: Workload): number {
  if (quantisationAware && !needsHearing(workload)) return quantisationAwarePrecision
  return Math.min(1, bitsPerWeight / fullPrecisionBits)
}

export function speedScore(speed: Speed, clipSeconds: number, workload: Workload): number {
  if (needsHearing(workload)) {
    const factor = realTimeFactor(speed, clipSeconds, translates(workload))
    return factor === undefined ? unknownScore : Math.min(1, comfortable.realTimeFactor / factor)
  }
  const { generationPerSecond } = speed
  return generationPerSecond === undefined
    ? unknownScore
    : Math.min(1, generationPerSecond / comfortable.generationPerSecond)
}

export const translates = ({ useCases }: Workload) => useCases.includes('on-device-translation')

export const roomScore = ({ needBytes, haveBytes }: Fit) =>
  Math.min(1, Math.max(0, (haveBytes - needBytes) / haveBytes / roomEnough))

const totalWeight = scoreNames.reduce((sum, name) => sum + weights[name], 0)

/** From 0 to 1. */
export const weighted = (scores: Scores) =>
  scoreNames.reduce((sum, name) => sum + scores[name] * weights[name], 0) / totalWeight

import type { UseCase, Workload } from '@tradewind/protocol'
import { count } from './format'

export const useCaseNames: Record<UseCase, string> = {
  transcription: 'Transcription',
  'on-device-translation': 'Translation on the device',
  'known-corpus-qa': 'Questions about known texts',
  'long-document-retrieval': 'Finding things in long documents',
  'lightweight-multimodal': 'Looking at images',
  code: 'Code',
  'commercial-at-scale': 'A commercial product at scale',
  'high-stakes-reasoning': 'Reasoning where mistakes are costly',
}
export const useCases = Object.keys(useCaseNames) as UseCase[]

export type PreviewOutcome = 'assign' | 'propose' | 'keep' | 'unresolved' | 'refused' | 'tied' | 'idle'
export const outcomeNames: Record<PreviewOutcome, string> = {
  assign: 'Gets its first',
  propose: 'Changes',
  keep: 'Stays',
  unresolved: 'Files unresolved',
  refused: 'Refused',
  tied: 'Tied',
  idle: 'Not selected',
}
export const outcomeMeanings: Record<PreviewOutcome, string> = {
  assign: 'Nothing is assigned to it yet.',
  propose: 'It gets another build than it has.',
  keep: 'What it has is right.',
  unresolved: 'The right build has files whose size and sha256 are not known yet. Add it to the mirror.',
  refused: 'No build fits what is asked.',
  tied: 'Workloads of the same priority want it, so none counts.',
  idle: 'Nothing selects it.',
}

/** Why a build was refused, in two words: the sentence with its numbers stands with each device. */
const refusalNames: Record<string, string> = {
  'not-pinned': 'Another build is pinned',
  'not-in-matrix': 'Not what the policy wants',
  'policy-silent': 'The policy says nothing of this use',
  unreliable: 'Recalls too unreliably',
  'no-audio': 'Does not hear',
  'no-vision': 'Does not see',
  'context-too-long': 'Context too long',
  licence: 'Licence forbids it',
  'files-unresolved': 'Files unresolved',
  'engine-unsupported': 'Engine missing or too old',
  'memory-short': 'Too little memory',
  'memory-unknown': 'Memory could not be read',
  'disk-short': 'Too little disk',
  'too-hot': 'Too hot',
  'too-slow': 'Too slow',
  'speed-unknown': 'Speed not known',
  'device-unknown': 'No such device',
  'device-revoked': 'Revoked',
  'no-report': 'Has not said yet what it is',
  'nothing-assigned': 'Nothing is assigned to it',
  'no-proposal': 'Nothing is proposed any more',
}
export const nameRefusal = (code: string) => refusalNames[code] ?? code.replaceAll('-', ' ')

export const devicesWords = (devices: number) => `${count(devices)} ${devices === 1 ? 'device' : 'devices'}`

/** `site lyon and role till`, `3 devices by name`, `every device`. */
export function selectionWords({ selects = {}, devices }: Pick<Workload, 'selects' | 'devices'>): string {
  const labels = Object.entries(selects).map(([name, value]) => `${name} ${value}`)
  const named = devices ? [`${devicesWords(devices.length)} by name`] : []
  return [...labels, ...named].join(' and ') || 'every device'
}

/** What a workload asks for beside its use cases, each in a few words. */
export function requirementWords(workload: Workload): string[] {
  const { context, slots = 1, languages = [], priority = 0, pin, policy, hallucination, commercial } = workload
  const { generationPerSecond, realTimeFactor, firstTokenSeconds, monthlyUsers } = workload
  return [
    `${count(context)} tokens of context`,
    ...(slots > 1 ? [`${slots} requests at once`] : []),
    ...(languages.length > 0 ? [`spoken: ${languages.join(', ')}`] : []),
    ...(pin ? [`pinned to ${pin}`] : []),
    ...(policy === 'article' ? ['by the article to the letter'] : []),
    ...(hallucination === 'low' ? ['reliable recall only'] : []),
    ...(commercial ? [monthlyUsers ? `commercial, ${count(monthlyUsers)} monthly users` : 'commercial'] : []),
    ...(generationPerSecond ? [`at least ${generationPerSecond} tokens/s`] : []),
    ...(realTimeFactor ? [`at most ${realTimeFactor} s for 1 s of speech`] : []),
    ...(firstTokenSeconds ? [`first word within ${firstTokenSeconds} s`] : []),
    ...(priority !== 0 ? [`priority ${priority}`] : []),
  ]
}

import type { FigureOfMerit, PolicyName } from '@tradewind/protocol'
import type { Refusal, RefusalCode, Refusals, SpeedUnit } from './refusal'
import type { Speed } from './speed'
import type { Ability } from './tradeoff'

// The words for what a decision holds as codes and numbers. Nothing else in the package makes prose.

/** Rounded so that a shortage never looks like a fit: what is needed up, what is there down. */
export const gibibytes = (bytes: number, round: 'up' | 'down' = 'up') =>
  `${((round === 'up' ? Math.ceil : Math.floor)((bytes / 2 ** 30) * 100) / 100).toFixed(2)} GiB`

export const tokens = (count: number) => `${count.toLocaleString('en-US')} tokens`
export const percent = (share: number) => `${Math.round(share * 100)} %`
const perSecond = (value: number) => (value >= 10 ? String(Math.round(value)) : value.toFixed(1))

const slowness: Record<SpeedUnit, (need: number, have: number) => string> = {
  'tokens/s': (need, have) => `it writes ${perSecond(have)} tokens/s, and ${need} is the least`,
  's/s': (need, have) => `it takes ${have.toFixed(2)} s for a second of speech, and ${need} s is the most`,
  s: (need, have) => `it takes ${Math.ceil(have)} s to read a full context, and ${need} s is the most`,
}

const sentences: { [C in RefusalCode]: (numbers: Refusals[C]) => string } = {
  'not-pinned': ({ pinned }) => `${pinned} is pinned, and no other may be chosen`,
  'not-in-matrix': ({ contextTokens, chosen }) => `the policy wants ${chosen.join(' or ')} at ${tokens(contextTokens)}`,
  'policy-silent': ({ contextTokens }) => `the policy says nothing of this use at ${tokens(contextTokens)}`,
  unreliable: ({ index, atLeast }) =>
    `its AA-Omniscience index is ${index}, and ${atLeast} is the least for low tolerance`,
  'no-audio': () => 'it does not hear',
  'no-vision': () => 'it does not see',
  'context-too-long': ({ maxTokens, askedTokens }) =>
    `it takes ${tokens(maxTokens)} at most, not ${tokens(askedTokens)}`,
  licence: ({ licence, monthlyUsers, allowedUsers }) =>
    allowedUsers === 0
      ? `its licence ${licence} forbids this use`
      : `its licence ${licence} ends at ${allowedUsers.toLocaleString('en-US')} monthly users, and there are ${monthlyUsers.toLocaleString('en-US')}`,
  'files-unresolved': ({ files, unresolved }) => `${unresolved} of its ${files} files are not resolved yet`,
  'engine-unsupported': ({ engine, needBuild, haveBuild }) =>
    haveBuild === null ? `${engine} is not there` : `${engine} is build ${haveBuild}, and ${needBuild} is the least`,
  'memory-short': ({ needBytes, haveBytes, longestContext }) =>
    `it needs ${gibibytes(needBytes)} of memory and ${gibibytes(haveBytes, 'down')} may be used; ${
      longestContext > 0 ? `${tokens(longestContext)} of context would fit` : 'no context would fit'
    }`,
  'memory-unknown': ({ needBytes }) =>
    `it needs ${gibibytes(needBytes)} of memory, and how much is there could not be read`,
  'disk-short': ({ needBytes, haveBytes }) =>
    `its files take ${gibibytes(needBytes)} of disk and ${gibibytes(haveBytes, 'down')} may be used`,
  'too-hot': ({ celsius, limitCelsius }) =>
    `the device is at ${celsius} °C, and nothing is loaded from ${limitCelsius} °C on`,
  'too-slow': ({ need, have, unit }) => slowness[unit](need, have),
  'speed-unknown': ({ need, unit }) => `nobody knows how fast it is here, and ${need} ${unit} is asked for`,
}

export const refusalCodes = Object.keys(sentences) as RefusalCode[]

export const sentenceOf = (refusal: Refusal): string =>
  (sentences[refusal.code] as (numbers: Refusal) => string)(refusal)

export const policyNames: Record<PolicyName, string> = {
  evidence: 'by the evidence',
  article: 'by the article to the letter',
}

export const abilityNames: Record<Ability, string> = {
  hears: 'hearing',
  sees: 'seeing',
  'long-context': 'contexts beyond 131,072 tokens',
}

export const figureNames: Record<FigureOfMerit, string> = {
  mrcr8Needle128k: 'MRCR v2, 8 needles at 128K (%)',
  liveCodeBench6: 'LiveCodeBench v6 (%)',
  mmluPro: 'MMLU Pro (%)',
  covostBleu: 'CoVoST speech translation (BLEU)',
  fleursErrors: 'FLEURS word errors (share, lower is better)',
  ruler32k: 'RULER at 32K (%)',
  ruler128k: 'RULER at 128K (%)',
  graphWalks128k: 'GraphWalks below 128K (%)',
  bbeh: 'BigBench Extra Hard (%)',
  codeforces: 'Codeforces (rating)',
  aaOmniscience: 'AA-Omniscience (-100 to 100)',
}

export const speedWords = ({ from, promptPerSecond, generationPerSecond, derating }: Speed): string => {
  if (generationPerSecond === undefined) return 'speed unknown'
  const reads = promptPerSecond === undefined ? '' : `reads ${perSecond(promptPerSecond)} and `
  const slowed = derating < 1 ? `, slowed to ${percent(derating)} by heat, power or battery` : ''
  return `${reads}writes ${perSecond(generationPerSecond)} tokens/s (${from}${slowed})`
}

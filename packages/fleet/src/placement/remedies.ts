import type { Refusal, RefusalCode, Refusals, SpeedUnit } from './refusal'
import { gibibytes, tokens } from './sentences'

const speeds: Record<SpeedUnit, (have: number) => string> = {
  'tokens/s': (have) => `a faster device, or a workload content with ${have.toFixed(1)} tokens/s`,
  's/s': (have) => `a faster device, or a workload content with ${have.toFixed(2)} s for a second of speech`,
  s: (have) => `a faster device, a shorter context, or a workload content with ${Math.ceil(have)} s`,
}

const remedies: { [C in RefusalCode]: (numbers: Refusals[C]) => string } = {
  'not-pinned': ({ pinned }) => `a workload that does not pin ${pinned}`,
  'not-in-matrix': () => 'another use, another policy, or a workload that pins it',
  'policy-silent': () => 'another use, another context, or a workload that pins it',
  unreliable: () => 'a workload that does not ask for low tolerance',
  'no-audio': () => 'a workload without speech',
  'no-vision': () => 'a workload without images',
  'context-too-long': ({ maxTokens }) => `a context of ${tokens(maxTokens)} or less`,
  licence: ({ allowedUsers }) =>
    allowedUsers === 0
      ? 'a use that its licence allows'
      : `at most ${allowedUsers.toLocaleString('en-US')} monthly users`,
  'files-unresolved': () => 'its files to be resolved once: add it to the mirror',
  'engine-unsupported': ({ engine, needBuild, haveBuild }) =>
    haveBuild === null ? `${engine} on the device` : `${engine} build ${needBuild} or newer on the device`,
  'memory-short': ({ needBytes, haveBytes, longestContext }) =>
    `${gibibytes(needBytes - haveBytes)} more memory${
      longestContext > 0 ? `, or a context of ${tokens(longestContext)} or less` : ''
    }`,
  'memory-unknown': () => 'its memory to be readable for the agent',
  'disk-short': ({ needBytes, haveBytes }) => `${gibibytes(needBytes - haveBytes)} more room on its disk`,
  'too-hot': ({ limitCelsius }) => `the device below ${limitCelsius} °C`,
  'too-slow': ({ have, unit }) => speeds[unit](have),
  'speed-unknown': () => 'a measurement on a device of this class, or a workload that asks for no speed',
}

/** What would make a refused build possible, in words that follow "needs". */
export const remedyOf = (refusal: Refusal): string => (remedies[refusal.code] as (numbers: Refusal) => string)(refusal)

import type { Engine } from '@tradewind/protocol'

/** Why a build is refused: every code with the numbers that explain it. Prose is made in `explain`. */
export type Refusals = {
  'not-pinned': { pinned: string }
  'not-in-matrix': { contextTokens: number; chosen: string[] }
  'policy-silent': { contextTokens: number }
  unreliable: { index: number; atLeast: number }
  'no-audio': { hearsSeconds: 0 }
  'no-vision': { seesImages: 0 }
  'context-too-long': { maxTokens: number; askedTokens: number }
  licence: { licence: string; monthlyUsers: number; allowedUsers: number }
  'files-unresolved': { files: number; unresolved: number }
  'engine-unsupported': { engine: Engine; needBuild: number; haveBuild: number | null }
  'memory-short': { needBytes: number; haveBytes: number; longestContext: number }
  'memory-unknown': { needBytes: number }
  'disk-short': { needBytes: number; haveBytes: number }
  'too-hot': { celsius: number; limitCelsius: number }
  'too-slow': { need: number; have: number; unit: SpeedUnit }
  'speed-unknown': { need: number; unit: SpeedUnit }
}
/** `tokens/s` at least; `s/s` at most, of work for a second of speech; `s` at most, to read a full context. */
export type SpeedUnit = 'tokens/s' | 's/s' | 's'

export type RefusalCode = keyof Refusals
export type Refusal = { [C in RefusalCode]: { code: C } & Refusals[C] }[RefusalCode]

import { type WordErrors, wordErrorRate, wordErrors } from '@tradewind/fleet'
import type { CapabilityReport, Fact } from '@tradewind/protocol'
import { Acceptance, type LanguageErrors, type Speed } from './report'

/** A clip as the device heard it. */
export type HeardClip = {
  language: string
  said: string
  heard: string
  audioSeconds: number
  /** from sending it to the answer */
  workSeconds: number
  waitedSeconds: number
}

/** What the engine has done since it was started, seconds and tokens. Only differences mean anything. */
export type Counts = {
  promptTokens: number
  promptSeconds: number
  generatedTokens: number
  generationSeconds: number
}

/** All clips once. The counts are null where the API does not tell them. */
export type Pass = { clips: HeardClip[]; before: Counts | null; after: Counts | null }

/** What the host said of itself at one moment; undefined: it could not be read. */
export type Vitals = { celsius?: number; throttling?: Fact<'throttling'> }

/** Everything that was seen. */
export type Runs = Pick<Acceptance, 'at' | 'build' | 'engine' | 'contextTokens' | 'warnings' | 'clips'> & {
  host: CapabilityReport
  cold: Pass
  hot: (Pass & { afterMinutes: number }) | null
  residentBytes: number | null
  /** in order, the first from before the work and the last from after it */
  vitals: Vitals[]
  silence: { sound: 'silence' | 'faint-noise'; seconds: number; heard: string }[]
}

/** The report of what was seen. Throws a `ZodError` when something was seen that cannot be. */
export function summaryOf(runs: Runs): Acceptance {
  const { host, cold, hot, residentBytes, vitals, silence, ...told } = runs
  return Acceptance.parse({
    v: 1,
    ...told,
    agentVersion: host.agentVersion,
    deviceClass: host.deviceClass,
    device: deviceOf(host),
    unreadable: host.unreadable.filter(({ fact }) => toldFacts.includes(fact.split('.')[0] ?? '')),
    errors: errorsOf(cold.clips),
    cold: speedOf(cold),
    hot: hot && { ...speedOf(hot), afterMinutes: hot.afterMinutes },
    ...(residentBytes === null ? {} : { residentBytes }),
    temperature: temperatureOf(vitals),
    throttling: throttlingOf(vitals),
    silence: silence.map(({ heard, ...sound }) => ({ ...sound, inventedWords: wordErrors('', heard).errors })),
  } satisfies Acceptance)
}

/** What could not be read of these is told too; what is said of others may hold the name of a user or a network. */
const toldFacts = ['board', 'cpu', 'memory', 'os', 'accelerators', 'power', 'thermal', 'throttling']

/** What a stranger needs to compare: not the serial, not the names of programs that run there. */
function deviceOf({ facts: { board, cpu, memory, os, accelerators, power } }: CapabilityReport): Acceptance['device'] {
  return {
    cpu,
    os,
    power,
    board: board && { ...board, serialHash: undefined },
    memory: memory && { ...memory, holders: undefined },
    accelerators: accelerators?.map((one) => ({ ...one, holders: undefined })),
  }
}

function errorsOf(clips: HeardClip[]): LanguageErrors[] {
  const languages = [...new Set(clips.map(({ language }) => language))].sort()
  return languages.map((language) => {
    const own = clips.filter((clip) => clip.language === language)
    const all = own.map((clip) => errorsIn(clip))
    const sum = (of: keyof WordErrors) => all.reduce((total, one) => total + one[of], 0)
    return {
      language,
      clips: own.length,
      counted: byCharacter(language) ? 'characters' : 'words',
      said: sum('words'),
      errors: sum('errors'),
      rate: rounded(wordErrorRate(all)),
    }
  })
}

/**
 * A sentence without spaces would be one word, right or wrong as a whole: there every character counts as one. Korean has
 * spaces, but published tests count its characters, and figures are there to be compared.
 */
export function errorsIn({ language, said, heard }: Pick<HeardClip, 'language' | 'said' | 'heard'>): WordErrors {
  const apart = (text: string) => (byCharacter(language) ? [...text].join(' ') : text)
  return wordErrors(apart(said), apart(heard))
}

const byCharacter = (language: string) => /^(zh|yue|ja|ko|th|lo|km|my)\b/i.test(language)

function speedOf({ clips, before, after }: Pass): Speed {
  const sum = (of: 'audioSeconds' | 'workSeconds' | 'waitedSeconds') =>
    rounded(clips.reduce((total, clip) => total + clip[of], 0))
  const [audioSeconds, workSeconds, waitedSeconds] = [sum('audioSeconds'), sum('workSeconds'), sum('waitedSeconds')]
  return {
    realTimeFactor: rounded(workSeconds / audioSeconds),
    audioSeconds,
    workSeconds,
    waitedSeconds,
    ...(before && after ? tokenSpeeds(before, after) : {}),
  }
}

/** Of fewer tokens nothing can be said. */
const leastTokens = 8

function tokenSpeeds(before: Counts, after: Counts): Pick<Speed, 'promptPerSecond' | 'generationPerSecond'> {
  const perSecond = (tokens: keyof Counts, took: keyof Counts) => {
    const [many, seconds] = [after[tokens] - before[tokens], after[took] - before[took]]
    return many >= leastTokens && seconds > 0 ? rounded(many / seconds) : undefined
  }
  return {
    promptPerSecond: perSecond('promptTokens', 'promptSeconds'),
    generationPerSecond: perSecond('generatedTokens', 'generationSeconds'),
  }
}

function temperatureOf(vitals: Vitals[]): Acceptance['temperature'] {
  const [beforeC, afterC] = [vitals.at(0)?.celsius, vitals.at(-1)?.celsius]
  if (beforeC === undefined || afterC === undefined) return undefined
  return { beforeC, afterC, hottestC: Math.max(...vitals.map(({ celsius }) => celsius ?? beforeC)) }
}

function throttlingOf(vitals: Vitals[]): Acceptance['throttling'] {
  const told = vitals.flatMap(({ throttling }) => throttling ?? [])
  const last = told.at(-1)
  return last && { seen: [...new Set(told.flatMap(({ now }) => now))], sinceBoot: last.sinceBoot }
}

/** Four digits are more than a measurement is worth. */
const rounded = (value: number) => Number(value.toPrecision(4))

import { EngineName, Facts, throttles, Unreadable } from '@tradewind/protocol'
import { z } from 'zod'

const count = z.number().int().nonnegative()
const seconds = z.number().nonnegative()
const positive = z.number().positive()
const celsius = z.number().min(-50).max(200)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** How fast a pass over all clips went, each clip once, one at a time. */
const Speed = z.strictObject({
  realTimeFactor: positive.describe(
    'seconds of work for a second of sound, as a program sees it: below 1 is faster than live',
  ),
  audioSeconds: positive,
  workSeconds: positive,
  waitedSeconds: seconds.describe('of the work, spent behind others who used the device'),
  promptPerSecond: positive.optional().describe('tokens read a second, the encoding of sound included'),
  generationPerSecond: positive.optional().describe('tokens written a second'),
})
export type Speed = z.infer<typeof Speed>

const LanguageErrors = z.strictObject({
  language: z.string().min(2).max(35).describe('as the clips name it: en, pt-br'),
  clips: count,
  counted: z.enum(['words', 'characters']).describe('characters in Korean and where no spaces stand between words'),
  said: count.describe('words or characters in the transcripts'),
  errors: count.describe('of them left out, replaced, or put in'),
  rate: z.number().nonnegative().describe('errors over said; may be above 1'),
})
export type LanguageErrors = z.infer<typeof LanguageErrors>

/**
 * What was measured of one build on one device. It holds neither sound nor text, and nothing that names the device but its
 * key. What could not be read is left out, and `unreadable` says why.
 */
export const Acceptance = z.strictObject({
  v: z.literal(1),
  at: count.describe('when it began: wall clock of the device, milliseconds since 1970'),
  agentVersion: z.string().min(1).max(60),
  build: z.strictObject({
    id: z.string().min(1).max(60),
    label: z.string().max(120).optional(),
    demo: z.boolean().optional().describe('left out of a build that is not in the store of this device'),
    files: z.array(z.strictObject({ role: z.string().max(60), sha256 })).max(20),
  }),
  engine: EngineName.strict(),
  contextTokens: count,
  warnings: z.array(z.string().max(60)).max(32).describe('what the engine warns of, by code'),
  deviceClass: z.string().max(60),
  device: Facts.pick({ board: true, cpu: true, memory: true, os: true, accelerators: true, power: true }).strict(),
  unreadable: z.array(Unreadable.strict()).max(64),
  clips: z.strictObject({ count, sha256: sha256.describe('of all clips and transcripts: the same for the same set') }),
  errors: z.array(LanguageErrors).min(1),
  cold: Speed.describe('the first pass'),
  hot: Speed.extend({ afterMinutes: positive.describe('of work without a pause, after the first pass') }).nullable(),
  residentBytes: count.positive().optional().describe('that the engine held at the end, mapped weights included'),
  temperature: z
    .strictObject({ beforeC: celsius, afterC: celsius, hottestC: celsius })
    .optional()
    .describe('of the hottest zone'),
  throttling: z
    .strictObject({ seen: z.array(z.enum(throttles)), sinceBoot: z.array(z.enum(throttles)) })
    .optional()
    .describe('`seen`: while it was measured'),
  silence: z.array(
    z.strictObject({
      sound: z.enum(['silence', 'faint-noise']),
      seconds: positive,
      inventedWords: count.describe('0 is right: nobody spoke'),
    }),
  ),
})
export type Acceptance = z.infer<typeof Acceptance>

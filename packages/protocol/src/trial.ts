import { z } from 'zod'
import { mostClipBytes } from './clip-size'

const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[a-z]{2})?$/)
  .describe('as BCP 47 writes it, in small letters')
const ms = z.number().nonnegative()
const seconds = z.number().nonnegative()

/** In which language somebody speaks, and into which one it is to be translated; left out: into none. */
export const TrialWish = z.object({ language, targetLanguage: language.optional() })
export type TrialWish = z.infer<typeof TrialWish>

/** Where the asked device, and nobody else, fetches the clip from its hub: once. */
export const ClipRef = z.object({
  path: z.string().regex(/^\/clips\/[A-Za-z0-9_-]{20,64}$/),
  bytes: z.number().int().positive().max(mostClipBytes),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type ClipRef = z.infer<typeof ClipRef>

/** What a device heard in a clip, and what that took. */
export const Heard = z.object({
  text: z.string(),
  translation: z.string().optional(),
  language,
  audioSeconds: seconds,
  queueMs: ms.describe('waited for others'),
  engineMs: ms.describe('of the engine alone'),
  totalMs: ms.describe('from having the clip to having the text'),
  segments: z.array(z.object({ start: seconds, end: seconds, text: z.string() })).max(2_000),
  build: z.string().max(60),
  demo: z.boolean(),
})
export type Heard = z.infer<typeof Heard>

/** `cut`: the text was too long for a message, and its end is missing. */
export const HeardAnswer = Heard.extend({ cut: z.boolean() })
export type HeardAnswer = z.infer<typeof HeardAnswer>

/** What a person gets who tried a device. */
export const TrialReply = z.object({
  heard: HeardAnswer,
  clipBytes: z.number().int().positive(),
  uploadMs: ms.describe('until the hub had the clip'),
  deviceMs: ms.describe('from asking the device to its answer: its way to the clip, and `heard.totalMs`'),
})
export type TrialReply = z.infer<typeof TrialReply>

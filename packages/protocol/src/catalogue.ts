import { z } from 'zod'

// What a catalogue of models says. People write such files too, so it is checked like everything from outside.

const id = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,59}$/)
const text = z.string().min(1).max(400)
const count = z.number().int().nonnegative()
const positive = z.number().positive()

export const standings = ['confirmed', 'single-source', 'article-only', 'contradicted'] as const
export type Standing = (typeof standings)[number]

const sourced = {
  standing: z.enum(standings).describe('confirmed: two independent sources; article-only: nobody else says so'),
  source: text,
}
const correctedWhenContradicted = (said: { standing: Standing; corrected?: unknown }) =>
  (said.standing === 'contradicted') === (said.corrected !== undefined)
const correction = 'what is contradicted carries the corrected value, and nothing else does'

export const Figure = z
  .object({ value: z.number(), ...sourced, corrected: z.number().optional() })
  .refine(correctedWhenContradicted, correction)
export type Figure = z.infer<typeof Figure>

export const Claim = z
  .object({ id, says: text, ...sourced, corrected: text.optional() })
  .refine(correctedWhenContradicted, correction)
export type Claim = z.infer<typeof Claim>

export const Licence = z.object({
  id,
  name: text,
  commercial: z.boolean(),
  monthlyUsers: positive.optional().describe('above this many the licence does not hold'),
  ...sourced,
})
export type Licence = z.infer<typeof Licence>

/** Figures of quality by name; all of them are better when higher, except fleursErrors. */
export const figureOfMerit = z.enum([
  'mrcr8Needle128k',
  'liveCodeBench6',
  'mmluPro',
  'covostBleu',
  'fleursErrors',
  'ruler32k',
  'ruler128k',
  'graphWalks128k',
  'bbeh',
  'codeforces',
  'aaOmniscience',
])
export type FigureOfMerit = z.infer<typeof figureOfMerit>

const keeps = { layers: count.describe('that keep keys and values of their own'), heads: count, headSize: count }

/** As BCP 47 writes it, in small letters: es, pt-br. */
const language = z.string().regex(/^[a-z]{2,3}(-[a-z]{2})?$/)
const share = z.number().min(0).max(1)

export const SpeechScores = z.object({
  languages: z.record(
    language,
    z.object({
      errors: share.optional().describe('FLEURS: of words, of characters for ja, ko and zh'),
      bleu: z.number().min(0).max(100).optional().describe('CoVoST: translated into English'),
    }),
  ),
  ...sourced,
})
export type SpeechScores = z.infer<typeof SpeechScores>

export const Variant = z.object({
  id,
  name: text,
  repository: text,
  licence: id,
  released: z.iso.date(),
  parameters: z.object({
    total: positive,
    perToken: positive.describe('read and computed with for each token'),
    kind: z.enum(['effective', 'active', 'dense']),
    ...sourced,
  }),
  cache: z.object({
    global: z.object(keeps),
    sliding: z.object({ ...keeps, window: count }),
    layers: count.describe('all, with those that share the cache of another'),
    hiddenSize: count,
    vocabulary: count,
    ...sourced,
  }),
  maxContext: count.describe('tokens'),
  hears: z.boolean(),
  sees: z.boolean(),
  figures: z.partialRecord(figureOfMerit, Figure),
  speech: SpeechScores.optional(),
  envelope: Claim.describe('where it belongs'),
  useCase: Claim.describe('what it is best at'),
  limitation: Claim.describe('what it gave up'),
})
export type Variant = z.infer<typeof Variant>

export const ModelFile = z.object({
  role: z.enum(['weights', 'projector']),
  repository: text,
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable()
    .describe('null until it was resolved'),
  path: text,
  bytes: positive.int(),
  exact: z.boolean().describe('whether bytes is the size of the file, or near it'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{1,64}$/)
    .nullable()
    .describe('all 64 digits, or the first ones as far as they are known'),
  ...sourced,
})
export type ModelFile = z.infer<typeof ModelFile>

export const engines = ['llama-server', 'litert-lm', 'mlx'] as const
export type Engine = (typeof engines)[number]

export const Build = z.object({
  id,
  variant: id,
  quantisation: text,
  bitsPerWeight: positive.max(32),
  quantisationAware: z.boolean().describe('trained for it, so that it loses less than its bits say'),
  engine: z.enum(engines),
  minimumEngineBuild: positive.int().optional(),
  hears: z.boolean(),
  sees: z.boolean(),
  files: z.array(ModelFile).min(1).max(20),
  residentBytes: Figure.optional().describe(
    'published peak, for engines whose memory has no formula; without the cache',
  ),
  licence: id.optional().describe('of the source, where it is not that of the variant'),
  label: z.string().min(1).max(80).optional().describe('what people are shown in place of the id'),
  demo: z.boolean().optional().describe('a fixture that must never be taken for a real model'),
})
export type Build = z.infer<typeof Build>

/** A speed that somebody published. It counts for hosts whose board, processor or card contains `on`. */
export const SpeedPrior = z.object({
  on: text,
  what: z.enum(['board', 'cpu', 'card']),
  variant: id,
  engine: z.enum(engines),
  bitsPerWeight: positive.max(32),
  promptPerSecond: positive.optional(),
  generationPerSecond: positive,
  ...sourced,
})
export type SpeedPrior = z.infer<typeof SpeedPrior>

/** What a board, processor or card can do, where nothing was measured. Counts for names that contain `on`. */
export const Hardware = z.object({
  on: text,
  what: z.enum(['board', 'cpu', 'card']),
  bandwidthBytesPerSecond: positive.describe('to its memory'),
  operationsPerSecond: positive.optional().describe('that prefill reaches in practice: two a parameter and token'),
  ...sourced,
})
export type Hardware = z.infer<typeof Hardware>

export const useCases = [
  'known-corpus-qa',
  'code',
  'long-document-retrieval',
  'transcription',
  'commercial-at-scale',
  'on-device-translation',
  'lightweight-multimodal',
  'high-stakes-reasoning',
] as const
export type UseCase = (typeof useCases)[number]

export const policies = ['evidence', 'article'] as const
export type PolicyName = (typeof policies)[number]

/** One row of a decision matrix: which variants serve a use case, within bounds of the context. */
export const Rule = z.object({
  policy: z.enum(policies),
  useCase: z.enum(useCases),
  from: count.optional().describe('tokens of context, this many included'),
  below: count.optional().describe('tokens of context, this many excluded'),
  choose: z.array(id).min(1).describe('equals: the score decides between them'),
  accept: z.array(id).describe('only where none of the chosen fits'),
  because: z.array(id).min(1).describe('claims that it rests on'),
})
export type Rule = z.infer<typeof Rule>

export const Catalogue = z.object({
  variants: z.array(Variant),
  builds: z.array(Build),
  rules: z.array(Rule).describe('the first that matches counts'),
  licences: z.array(Licence),
  speeds: z.array(SpeedPrior),
  hardware: z.array(Hardware),
  claims: z.array(Claim),
})
export type Catalogue = z.infer<typeof Catalogue>

/** A file that adds to the catalogue, or replaces what it has under the same id. */
export const CatalogueFile = Catalogue.partial()
export type CatalogueFile = z.infer<typeof CatalogueFile>

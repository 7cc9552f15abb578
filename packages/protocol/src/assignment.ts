import { z } from 'zod'
import { ResolvedBuild } from './resolved-build'

const at = z.number().int().nonnegative().describe('wall clock, milliseconds since 1970')
const bytes = z.number().int().nonnegative()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const share = z.number().min(0).max(1)

/** What a device does on the way to a new build, in this order; `roll-back` when it came to nothing. */
export const stepNames = [
  'make-room',
  'fetch',
  'verify',
  'stop-engine',
  'start-engine',
  'smoke-test',
  'commit',
  'roll-back',
] as const
export type StepName = (typeof stepNames)[number]

/** How the engine holds a build: what placement counted its memory for. */
export const HoldOptions = z.object({
  context: z.number().int().positive().describe('tokens of all slots together'),
  slots: z.number().int().positive().max(64),
  cacheType: z.enum(['f16', 'q8_0', 'q4_0']),
  microBatch: z.number().int().positive().max(4096),
  pool: z.enum(['memory', 'card']).describe('where it fits: in host memory, or on the cards'),
})
export type HoldOptions = z.infer<typeof HoldOptions>

/** A clip that an operator added: the hub keeps it under its sha256, and says what is spoken in it. */
export const SmokeClip = z.object({
  sha256,
  bytes: z
    .number()
    .int()
    .positive()
    .max(4 * 1024 * 1024),
  language: z.string().regex(/^[a-z]{2,3}(-[a-z]{2})?$/),
  reference: z.string().min(1).max(2000),
})
export type SmokeClip = z.infer<typeof SmokeClip>

/** What a canary answered and how fast it was, with the same build and options. */
export const Baseline = z.object({
  prompt: z.enum(['known-clip', 'known-prompt']),
  text: z.string().max(1000),
  generationPerSecond: z.number().positive().optional(),
  realTimeFactor: z.number().positive().optional(),
})
export type Baseline = z.infer<typeof Baseline>

/** What a build must show before it replaces the one that serves. */
export const SmokeTest = z.object({
  baseline: Baseline.nullable().describe(
    'null: no canary has recorded one; then not empty, the right language, minimum speed',
  ),
  mostWordErrors: share.describe(
    'share of words in which the answer may differ from the baseline, or from the references',
  ),
  speedShare: share.describe("of the baseline's speed that must be reached"),
  leastPerSecond: z.number().nonnegative().describe('tokens written a second, at least; 0 asks for no speed'),
  clips: z.array(SmokeClip).max(20),
})
export type SmokeTest = z.infer<typeof SmokeTest>

/** What came of it. The answer is to our own clip, or left out: what operators' clips say is told to nobody. */
export const SmokeResult = z.object({
  outcome: z.enum(['passed', 'flagged', 'failed']).describe('flagged: passed without a baseline to compare with'),
  code: z
    .string()
    .max(60)
    .nullable()
    .describe('why it failed: empty, wrong-language, too-slow, answer-differs, word-errors'),
  wordErrors: z.number().nonnegative().optional().describe('share of words, against baseline or references'),
  answer: Baseline.optional(),
})
export type SmokeResult = z.infer<typeof SmokeResult>

/** The desired state of one device. Signed by the hub, so that what is fetched is what was assigned, whoever serves it. */
export const Assignment = z.object({
  deviceId: z.string().max(40),
  revision: z.number().int().positive().describe('monotone for each device'),
  at,
  workload: z.string().max(40).nullable().describe('null: a person chose the build'),
  build: ResolvedBuild,
  options: HoldOptions,
  smoke: SmokeTest,
  restart: z
    .number()
    .int()
    .nonnegative()
    .describe('the engine is started anew when this differs from what was applied'),
})
export type Assignment = z.infer<typeof Assignment>

/** `typ` of the JWS that carries an assignment. */
export const assignmentType = 'tradewind-assignment+jws'

const progress = z.object({
  doneBytes: bytes,
  totalBytes: bytes,
  bytesPerSecond: z.number().nonnegative().nullable(),
  etaMs: z.number().int().nonnegative().nullable().describe('null until it can be told'),
})

/** How far a device is on the way to what it should be. */
export const Seeking = z.object({
  is: z.enum(['converged', 'working', 'blocked']),
  revision: z.number().int().nonnegative(),
  build: z.string().max(60),
  step: z.enum(stepNames).nullable(),
  since: at,
  progress: progress.optional(),
  reason: z
    .object({
      code: z.string().max(60),
      retryAt: at.nullable().describe('null: only a new assignment or a person helps'),
      detail: z.record(z.string().max(40), z.union([z.number(), z.string().max(300), z.boolean()])),
    })
    .nullable()
    .describe('why it is blocked, or is trying again'),
})
export type Seeking = z.infer<typeof Seeking>

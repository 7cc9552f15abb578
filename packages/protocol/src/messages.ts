import { z } from 'zod'
import { Seeking, SmokeResult } from './assignment'
import { Facts, Unreadable } from './facts'
import { Serving } from './measured'
import { ClipRef, HeardAnswer, TrialWish } from './trial'
import { Work } from './work'

const at = z.number().int().nonnegative().describe('wall clock, milliseconds since 1970')
const mono = z.number().nonnegative().describe('milliseconds since the device booted')
const boot = z.string().max(64).describe('identifies one boot of the device')
const start = z.number().int().positive().describe("counts the agent's starts")
const key = z.string().regex(/^[a-z0-9]{8,32}$/)

export const presenceStates = ['online', 'sleeping', 'disconnected', 'lost'] as const
export type PresenceState = (typeof presenceStates)[number]

export const Presence = z.object({
  state: z.enum(presenceStates),
  start,
  session: z.number().int().positive().describe('counts the connections within one start'),
  at,
})
export type Presence = z.infer<typeof Presence>

export const CapabilityReport = z.object({
  at,
  agentVersion: z.string().max(40),
  deviceClass: z
    .string()
    .regex(/^v\d+:[0-9a-f]{16}$/)
    .describe('versioned hash of the facts that are not unique'),
  facts: Facts,
  unreadable: z.array(Unreadable).max(64),
})
export type CapabilityReport = z.infer<typeof CapabilityReport>

export const Reported = z.object({
  at,
  revisionSeen: z.number().int().nonnegative(),
  revisionApplied: z.number().int().nonnegative(),
  failure: z.object({ code: z.string().max(60), detail: z.string().max(300) }).nullable(),
  serving: Serving.optional().describe('left out: nothing is served'),
  restart: z.number().int().nonnegative().optional().describe('of the assignment that was applied last'),
  seeking: Seeking.optional().describe('left out: nothing was ever assigned'),
  smoke: SmokeResult.optional().describe('of the build that was tested last'),
  holds: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .max(64)
    .optional()
    .describe('sha256 of the model files that are whole on its disk'),
})
export type Reported = z.infer<typeof Reported>

/** The figures of one sample, each with its unit in the name. A figure that could not be read is left out. */
export const figures = {
  cpuBusy: z.number().min(0).max(1).describe('share of all cores that was busy since the last sample'),
  load1: z.number().nonnegative().describe('run queue, one-minute mean'),
  memAvailableBytes: z.number().int().nonnegative(),
  swapUsedBytes: z.number().int().nonnegative(),
  temperatureC: z.number().min(-50).max(200).describe('hottest zone'),
  diskFreeBytes: z.number().int().nonnegative().describe("where the agent's data lives"),
  diskReadBps: z.number().nonnegative().describe('bytes per second since the last sample'),
  diskWriteBps: z.number().nonnegative().describe('bytes per second since the last sample'),
  netRxBps: z.number().nonnegative().describe('bytes per second, all real interfaces'),
  netTxBps: z.number().nonnegative().describe('bytes per second, all real interfaces'),
  agentRssBytes: z.number().int().nonnegative().describe('resident memory of the agent'),
  requestsWaiting: z
    .number()
    .int()
    .nonnegative()
    .describe(
      'for a turn at the engine, the most at a time since the last sample; left out: nobody asked for anything',
    ),
} as const
export type SaidFigure = keyof typeof figures
export const saidFigures = Object.keys(figures) as SaidFigure[]

/** What the hub makes of the work of a sample. Not said: they are in it, and every byte is sent 260,000 times a month. */
const speeds = ['tokensPerSecond', 'realTimeFactor'] as const

/** All that is stored of a sample and drawn: what is said, and what follows from it. */
export type FigureName = SaidFigure | (typeof speeds)[number]
export const figureNames: FigureName[] = [...saidFigures, ...speeds]

export const Sample = z
  .object({ seq: z.number().int().positive().describe('given once, when the sample enters the outbox'), mono, at })
  .extend(z.object(figures).partial().shape)
  .extend({ work: Work.optional().describe('done since the last sample; what of it is left out is 0') })
export type Sample = z.infer<typeof Sample>

/** When the message left the device, by both of its clocks: the hub dates the contents from here. */
const Sent = z.object({ boot, mono, at })
export type Sent = z.infer<typeof Sent>

export const Telemetry = z.object({
  stream: key.describe('random per start of the agent; with seq it names a sample for ever'),
  boot,
  clock: z.enum(['hub', 'system']).describe('whether the wall times were already taken from the hub'),
  samples: z
    .array(Sample)
    .min(1)
    .max(120)
    .refine((list) => list.every((s, i) => i === 0 || s.seq > (list[i - 1]?.seq ?? 0)), 'seq must rise'),
  sent: Sent,
})
export type Telemetry = z.infer<typeof Telemetry>

export const eventCodes = [
  'agent-started',
  'samples-thinned',
  'outbox-damaged',
  'outbox-unwritable',
  'clock-corrected',
  'engine-crashed',
  'build-applied',
  'smoke-test-failed',
  'rolled-back',
  'assignment-refused',
] as const

export const DeviceEvent = z.object({
  id: key.describe('random; the same event sent twice is stored once'),
  code: z.enum(eventCodes),
  boot,
  mono,
  at,
  clock: z.enum(['hub', 'system']),
  detail: z.record(z.string().max(40), z.union([z.number(), z.string().max(300), z.boolean()])),
  sent: Sent,
})
export type DeviceEvent = z.infer<typeof DeviceEvent>

export const Desired = z.object({
  at,
  revision: z.number().int().nonnegative().describe('of the assignment; 0 means nothing is assigned'),
  leaseMs: z
    .number()
    .int()
    .nonnegative()
    .max(120_000)
    .describe('for how long, from receipt, samples are sent every second because a person watches'),
  assignment: z
    .string()
    .max(48 * 1024)
    .optional()
    .describe(
      'the assignment of this revision as a compact JWS, signed by the key that enrolment gave; none: nothing is assigned',
    ),
})
export type Desired = z.infer<typeof Desired>

export const Ask = z.object({
  question: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('logs'), lines: z.number().int().min(1).max(500) }),
    z.object({ kind: z.literal('probe') }),
    z.object({ kind: z.literal('try'), clip: ClipRef, ...TrialWish.shape }),
    z
      .object({ kind: z.literal('cancel') })
      .describe('nobody waits any more for the answer to what was asked under this id'),
  ]),
})
export type Ask = z.infer<typeof Ask>
export type Question = Ask['question']

export const Answer = z.object({
  answer: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('logs'), lines: z.array(z.string().max(2000)).max(500) }),
    z.object({ kind: z.literal('probe'), report: CapabilityReport }),
    z.object({ kind: z.literal('heard'), ...HeardAnswer.shape }),
    z.object({
      kind: z.literal('failed'),
      code: z.string().max(60),
      detail: z.string().max(300),
      retryAfterSeconds: z.number().int().positive().max(86_400).optional(),
    }),
  ]),
})
export type Answer = z.infer<typeof Answer>

import { z } from 'zod'

const at = z.number().int().nonnegative().describe('wall clock of the hub, milliseconds since 1970')
const ms = z
  .number()
  .int()
  .nonnegative()
  .max(366 * 86_400_000)
const share = z.number().min(0).max(1)
const count = z.number().int().nonnegative()
const deviceId = z.string().max(40)
const code = z.string().max(60)

/** So many devices, or a share of all members; a share of some is never none. */
export const Amount = z.union([
  z.object({ devices: z.number().int().positive() }),
  z.object({ share: z.number().positive().max(1) }),
])
export type Amount = z.infer<typeof Amount>

/** What a wave must show before the next one is told. */
export const RolloutGate = z.object({
  successShare: share
    .default(0.8)
    .describe('of the members of a wave that must have succeeded; the others may be absent, never busy'),
  failureShare: share
    .default(0.05)
    .describe('of the members of a wave, and of all told so far, that may fail: more pause'),
  speedShare: share
    .default(0.75)
    .describe(
      'of its baseline that a member must reach: what itself measured of the same build before, else its class',
    ),
  smoke: z
    .enum(['passed', 'flagged'])
    .default('flagged')
    .describe('what a smoke test must say at least; flagged: passed without a baseline to compare with'),
  soakMs: ms.default(10 * 60_000).describe('for how long a member must serve well before it counts'),
  deadlineMs: ms
    .default(6 * 3_600_000)
    .describe('for a member from when it was told, or came back, until it must have succeeded'),
})
export type RolloutGate = z.infer<typeof RolloutGate>

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const offset = /^[+-](0\d|1[0-4]):[0-5]\d$/

/** When devices may be told, in local time. From 22:00 to 05:00 is the night that begins on the days given. */
export const MaintenanceWindow = z.object({
  zone: z
    .string()
    .max(60)
    .refine((zone) => offset.test(zone) || isNamedZone(zone), 'no such zone: Europe/Berlin, or +02:00')
    .describe('IANA name, or offset from UTC'),
  days: z
    .array(z.enum(weekdays))
    .min(1)
    .default([...weekdays]),
  from: timeOfDay,
  to: timeOfDay.describe('the same as `from`: the whole day'),
})
export type MaintenanceWindow = z.infer<typeof MaintenanceWindow>

function isNamedZone(timeZone: string) {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone })) && /^[A-Za-z]/.test(timeZone)
  } catch {
    return false
  }
}

/** How a change goes through a fleet. `RolloutPlan.parse({})` is the careful way. */
export const RolloutPlan = z.object({
  waves: z
    .array(Amount)
    .min(1)
    .max(20)
    .default([{ devices: 1 }, { share: 0.1 }, { share: 0.5 }, { share: 1 }])
    .describe('how many have been told by the end of each wave; the last one takes all that are left'),
  gate: RolloutGate.prefault({}),
  window: MaintenanceWindow.nullable().default(null).describe('null: always'),
  mostAtOnce: Amount.default({ share: 0.25 }).describe('members that may be changing at the same time'),
})
export type RolloutPlan = z.infer<typeof RolloutPlan>

/** How fast a build is on a device; what is not known is left out. */
export const BuildSpeed = z.object({
  generationPerSecond: z.number().positive().optional(),
  realTimeFactor: z.number().positive().optional(),
})
export type BuildSpeed = z.infer<typeof BuildSpeed>

const told = z.object({ revision: z.number().int().positive(), at })

export const memberOutcomes = ['waiting', 'absent', 'changing', 'succeeded', 'failed', 'left'] as const
export type MemberOutcome = (typeof memberOutcomes)[number]

export const RolloutMember = z.object({
  deviceId,
  wave: count.describe('the first is 0'),
  build: z.string().max(60),
  before: z
    .object({ revision: z.number().int().positive(), build: z.string().max(60) })
    .nullable()
    .describe('what it goes back to; null: nothing was assigned'),
  baseline: BuildSpeed.nullable().describe('what itself measured of this build before the rollout'),
  told: told.nullable().describe('the assignment that this rollout made'),
  rolledBack: told.nullable().describe('the assignment that undid it'),
  left: z.enum(['overtaken', 'revoked']).nullable().describe('why it is no member any more'),
  refused: code.nullable().describe('why no assignment could be made for it'),
  excused: z.boolean().describe('had failed when a person resumed: it counts no more'),
  outcome: z.enum(memberOutcomes),
  code: code.nullable().describe('why it failed'),
  succeededAt: at.nullable().describe('since when it succeeds without a break'),
})
export type RolloutMember = z.infer<typeof RolloutMember>

export const rolloutStates = ['running', 'paused', 'done', 'aborted', 'rolling-back', 'rolled-back'] as const
export type RolloutState = (typeof rolloutStates)[number]

export const pauseCodes = [
  'too-many-failures',
  'smoke-test-failed',
  'speed-loss',
  'deadline-passed',
  'too-few-successes',
  'by-person',
] as const
export const waitingCodes = [
  'changing',
  'soaking',
  'most-at-once',
  'window-closed',
  'too-few-reachable',
  'some-are-absent',
  'paused',
  'rolling-back',
] as const

const numbers = z.record(z.string().max(40), z.number())

/** The whole state of a rollout: what the store keeps, and all that its next step is made from. */
export const Rollout = z.object({
  id: z.string().max(40),
  seed: z.string().max(40),
  at,
  actor: z.string().max(300),
  workloadId: z.string().max(40).nullable(),
  workloadVersion: z.number().int().nullable(),
  plan: RolloutPlan,
  state: z.enum(rolloutStates),
  wave: count.describe('that is being told; the first is 0'),
  waves: count,
  members: z.array(RolloutMember),
  pause: z.object({ code: z.enum(pauseCodes), numbers, at }).nullable(),
  waiting: z
    .object({ code: z.enum(waitingCodes), numbers, deadline: at.nullable().describe('null: nobody can say') })
    .nullable()
    .describe('what it waits for; null once it has ended'),
})
export type Rollout = z.infer<typeof Rollout>

export const rolloutActs = ['pause', 'resume', 'abort', 'roll-back'] as const
export type RolloutAct = (typeof rolloutActs)[number]

/** One rollout in a list. */
export const RolloutSummary = Rollout.omit({ members: true, seed: true }).extend({
  endedAt: at.nullable(),
  members: count,
  outcomes: z.partialRecord(z.enum(memberOutcomes), count),
})
export type RolloutSummary = z.infer<typeof RolloutSummary>

/** What `/api/v1` gives of one rollout. */
export const RolloutView = RolloutSummary.omit({ members: true }).extend({
  members: z.array(RolloutMember.extend({ name: z.string() })),
})
export type RolloutView = z.infer<typeof RolloutView>

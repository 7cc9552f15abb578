import type { Refusal } from '@tradewind/fleet'
import { Labels, RolloutPlan, RolloutSummary, RolloutView, rolloutActs, Workload } from '@tradewind/protocol'
import type { UnplacedRow } from '@tradewind/store/model'
import { z } from 'zod'
import { part } from '../part'
import type { Operations } from './operation'
import { count, flag, ms, orNull, text, whole } from './shapes'

const WorkloadKept = z
  .object({
    id: text,
    version: count,
    placedVersion: count.describe('behind `version` until the hub has made a rollout of the change'),
    workload: Workload,
    rolloutPlan: orNull(z.record(text, z.unknown())),
    createdMs: ms,
    changedMs: ms,
    changedBy: text,
  })
  .meta({ id: 'WorkloadKept' })

const ids = z.array(text.max(40)).min(1).max(10_000)
const plan = RolloutPlan.nullable().default(null).describe('null: at once')

/** Which devices, and what they are to get. */
const target = {
  devices: ids.optional().describe('ids; or say `labels`'),
  labels: Labels.optional().describe('every device that has all of these'),
  workload: text.max(40).optional().describe('an id: each device gets what this workload gives it'),
  build: text.max(60).optional().describe('an id: each device gets this build'),
}
type Target = { devices?: string[]; labels?: Labels; workload?: string; build?: string }
const saysWhich = ({ devices, labels }: Target) =>
  (devices === undefined) !== (labels === undefined) && (labels === undefined || Object.keys(labels).length > 0)
const saysWhat = ({ workload, build }: Target) => workload !== undefined || build !== undefined
const oneWay = 'give `devices` or `labels`, one of the two'
const something = 'give a `workload`, a `build`, or both'

const Refused = z
  .looseObject({ deviceId: text, code: text, says: text.optional() })
  .describe('a code with its numbers, and the same in words')
const Assigned = z
  .object({
    assigned: z.array(z.object({ deviceId: text, revision: count, build: text })),
    refused: z.array(Refused),
    rollouts: z
      .array(z.object({ id: text, workload: orNull(text), devices: count }))
      .describe('one for each workload; none where it was done at once'),
  })
  .meta({ id: 'Assigned' })

export const outcomes = ['assign', 'propose', 'keep', 'unresolved', 'refused', 'tied', 'idle'] as const
export const PreviewedDevice = z
  .object({
    id: text,
    name: text,
    outcome: z.enum(outcomes),
    from: orNull(text).describe('the build that it has now'),
    to: orNull(text).describe('the build that it would get'),
    downloadBytes: z.number().describe('that it has to fetch'),
    stopMs: orNull(z.number()).describe(
      'for how long it will not serve; 0: it need not stop; null: nobody has measured it',
    ),
    gain: orNull(z.number()).describe(
      'share by which it would be better; null: what it has may not stay, or it has nothing',
    ),
    refusals: z.array(whole<Refusal>('a code with its numbers')),
    words: z.array(text).describe('the refusals, or the choice, for people'),
    needs: z.array(text).describe('of each refusal, what would lift it'),
    workloads: z.array(text).describe('the tied ones, where it is tied'),
  })
  .meta({ id: 'PreviewedDevice' })
const Move = z.object({
  outcome: z.enum(outcomes),
  from: orNull(text),
  to: orNull(text),
  devices: count,
  downloadBytes: z.number().describe('that all of them have to fetch'),
})
export const PreviewReply = z
  .object({
    devices: count.describe('looked at'),
    changes: count.describe('that would get another build, or have theirs held otherwise'),
    leaving: count.describe(
      'that have it of the workload, and that the draft selects no more: they keep what they have',
    ),
    counts: z.record(z.enum(outcomes), count),
    moves: z.array(Move).describe('the devices by what they have and would get, the most frequent first'),
    stops: z
      .object({ devices: count, known: count, longestMs: orNull(z.number()) })
      .describe('devices that stop serving while they change; of how many it is known for how long'),
    builds: z.record(text, count).describe('devices for each build'),
    refusedBy: z.record(text, count).describe('refused devices for each code'),
    downloadBytes: z.number().describe('each file once'),
    diskBytes: z.number().describe('that all devices together have to fetch'),
    rows: z.array(PreviewedDevice).describe('what needs a look first; at most `limit`'),
  })
  .meta({ id: 'Preview' })

const Proposal = z
  .object({
    deviceId: text,
    deviceName: text,
    atMs: ms,
    workloadId: text,
    workloadVersion: count,
    build: text,
    instead: text,
    gain: orNull(z.number()).describe('share; null: what serves may not stay'),
    dismissedMs: orNull(ms),
    dismissedBy: orNull(text),
  })
  .meta({ id: 'Proposal' })
const Unplaced = z
  .object({
    deviceId: text,
    deviceName: text,
    atMs: ms,
    kind: z.enum(['refused', 'unresolved', 'tie']),
    workloadId: orNull(text),
    workloadVersion: orNull(count),
    build: orNull(text),
    detail: whole<UnplacedRow['detail']>('refusals with their numbers, or the workloads that are tied'),
  })
  .meta({ id: 'Unplaced' })

const RolloutSummaryShape = RolloutSummary.meta({ id: 'RolloutSummary' })
const RolloutShape = RolloutView.meta({ id: 'Rollout' })

export const placement = {
  'GET /workloads': {
    deed: 'read',
    summary: 'What devices are for',
    reply: z.object({ workloads: z.array(WorkloadKept) }),
  },
  'POST /workloads': {
    deed: 'change-workloads',
    summary: 'Say what devices are for; those that it selects and that serve nothing are placed at once, or in waves',
    body: Workload.extend({
      plan: RolloutPlan.nullable()
        .default(null)
        .describe('how all that it selects get it; null: who serves nothing at once, for the others it is proposed'),
    }),
    reply: WorkloadKept,
  },
  'GET /workloads/{id}': { deed: 'read', summary: 'One workload', reply: WorkloadKept },
  'PUT /workloads/{id}': {
    deed: 'change-workloads',
    summary: 'Change a workload; the devices that it changes become a rollout',
    body: z.object({
      workload: Workload,
      plan: RolloutPlan.prefault({}).describe('how the change goes through the fleet'),
    }),
    reply: WorkloadKept,
  },
  'DELETE /workloads/{id}': {
    deed: 'change-workloads',
    summary: 'Forget a workload; devices go on serving what it gave them',
    reply: z.object({ deleted: flag }),
  },
  'POST /preview': {
    deed: 'read',
    summary: 'What would become of the fleet; nothing is sent or kept',
    body: z
      .object({
        ...target,
        draft: Workload.optional().describe('a workload as it would be: for the whole fleet, or these devices'),
        limit: count.min(0).max(10_000).default(1000),
      })
      .refine(
        (ask) => (ask.draft ? !saysWhat(ask) && (saysWhich(ask) || !(ask.devices || ask.labels)) : saysWhat(ask)),
        'give a `draft`, or a `workload`, a `build` or both',
      )
      .refine((ask) => ask.draft !== undefined || saysWhich(ask), oneWay),
    reply: PreviewReply,
  },
  'POST /assignments': {
    deed: 'assign',
    summary: 'Give devices a build, or what a workload gives them: at once, or as a rollout',
    body: z
      .object({ ...target, plan })
      .refine(saysWhich, oneWay)
      .refine(saysWhat, something),
    reply: Assigned,
  },
  'POST /devices/restart': {
    deed: 'assign',
    summary: 'Start the engines of many devices anew',
    body: z.object({ devices: ids }),
    reply: Assigned,
  },
  'POST /devices/{id}/restart': { deed: 'assign', summary: 'Start the engine of a device anew', reply: Assigned },
  'GET /proposals': {
    deed: 'read',
    summary: 'Changes that wait for a person, and devices that nothing could be placed on',
    reply: z.object({ proposals: z.array(Proposal), unplaced: z.array(Unplaced) }),
  },
  'POST /proposals/accept': {
    deed: 'assign',
    summary: 'Do what is proposed for these devices',
    body: z.object({ devices: ids, plan }),
    reply: Assigned,
  },
  'POST /proposals/dismiss': {
    deed: 'assign',
    summary: 'Leave these devices as they are; the same is not proposed again',
    body: z.object({ devices: ids }),
    reply: z.object({ dismissed: z.array(text) }),
  },
  'GET /rollouts': {
    deed: 'read',
    summary: 'Changes across many devices, the newest first',
    query: z.object({ limit: part().limit }),
    reply: z.object({ rollouts: z.array(RolloutSummaryShape) }),
  },
  'GET /rollouts/{id}': { deed: 'read', summary: 'One rollout with its members', reply: RolloutShape },
  'POST /rollouts/{id}/{act}': {
    deed: 'steer-rollouts',
    summary: `Steer a rollout: ${rolloutActs.join(', ')}`,
    reply: z.looseObject({ id: text, state: text }),
  },
} satisfies Operations

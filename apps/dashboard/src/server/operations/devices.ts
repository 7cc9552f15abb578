import { type Decision, type Explanation, healthCodes, type Outcome, syncStates } from '@tradewind/fleet'
import {
  Answer,
  Ask,
  BuildMeasured,
  Facts,
  figureNames,
  Labels,
  Seeking,
  Serving,
  SmokeResult,
  TrialReply,
  TrialWish,
  Unreadable,
} from '@tradewind/protocol'
import {
  type AssignmentRow,
  assignmentCauses,
  type DeviceDetail,
  deviceOrders,
  type SamplePoint,
} from '@tradewind/store/model'
import { z } from 'zod'
import type { Panel } from '../../decision/panel'
import { rangeNames } from '../../device/ranges'
import type { Spreads } from '../../device/series'
import { shownPresences } from '../../fleet/filters'
import type { Basis } from '../decision'
import { part } from '../part'
import type { Operations } from './operation'
import { count, flag, ms, orNull, presence, text, whole } from './shapes'

const orders = deviceOrders.flatMap((by) => [by, `-${by}` as const])

const row = {
  id: text,
  num: count,
  name: text,
  presence,
  sync: z.enum(syncStates),
  deviceClass: orNull(text),
  board: orNull(text),
  cpu: orNull(text),
  cores: orNull(z.number()),
  memoryBytes: orNull(z.number()),
  os: orNull(text),
  agentVersion: orNull(text),
  enrolledMs: ms,
  revokedMs: orNull(ms),
}
const latest = z.object({ atMs: ms, cpuBusy: orNull(z.number()), temperatureC: orNull(z.number()) })
const Device = z
  .object({
    ...row,
    labels: Labels,
    serving: orNull(Serving.pick({ build: true, label: true, demo: true, state: true })).describe(
      'what it says that it serves; null: nothing, or not known',
    ),
    problems: z.array(z.enum(healthCodes)).describe('what is wrong with it now'),
    latest: orNull(latest),
  })
  .meta({ id: 'Device' })

/** Which devices; what is left out wants all. */
const chosen = {
  q: text.max(200).default('').describe('words that must all occur'),
  presence: z.enum(shownPresences).optional(),
  sync: z.enum(syncStates).optional(),
  labels: text.max(2000).default('').describe('all of these, as in site=lyon,line=2'),
  class: text.max(40).optional().describe('a device class'),
  variant: text.max(60).optional().describe('it serves a build of this variant'),
  problem: z.enum(healthCodes).optional().describe('it has this problem now'),
  revoked: z.enum(['without', 'only', 'with']).default('without'),
  sort: z.enum(orders).default('attention').describe('an order; with a minus the other way round'),
}
const someIds = z.array(text.max(40)).min(1).max(10_000)

const AssignmentMade = z
  .object({
    deviceId: text,
    revision: count,
    atMs: ms,
    actor: text,
    cause: z.enum(assignmentCauses),
    rolloutId: orNull(text),
    workloadId: orNull(text),
    workloadVersion: orNull(count),
    build: text,
    assignment: whole<AssignmentRow['assignment']>('what was signed, in the words of the wire'),
  })
  .meta({ id: 'AssignmentMade' })

const Detail = z
  .object({
    ...row,
    report: orNull(z.object({ atMs: ms, facts: Facts, unreadable: z.array(Unreadable) })),
    assignment: orNull(
      z.object({
        assignedRevision: count,
        revisionSeen: count,
        revisionApplied: count,
        latest: orNull(AssignmentMade),
      }),
    ),
    failure: orNull(z.object({ code: text, detail: text })),
    serving: orNull(Serving),
    seeking: orNull(Seeking),
    smoke: orNull(SmokeResult),
    labels: Labels,
    measured: z.array(BuildMeasured),
    start: orNull(count),
    keys: z.array(z.object({ fingerprint: text, createdMs: ms, replacedMs: orNull(ms) })),
  })
  .meta({ id: 'DeviceDetail' }) satisfies z.ZodType<DeviceDetail>

const Event = z
  .object({
    id: text,
    deviceId: orNull(text),
    deviceName: orNull(text),
    source: z.enum(['device', 'hub']),
    code: text,
    atMs: ms,
    detail: z.record(text, z.union([text, z.number(), flag])),
  })
  .meta({ id: 'Event' })

export const devices = {
  'GET /devices': {
    deed: 'read',
    summary: 'Devices, filtered, sorted and in pages',
    query: z.object({
      ...part(),
      ...chosen,
    }),
    reply: z.object({
      devices: z.array(Device),
      total: count.describe('on all pages'),
      byPresence: z.partialRecord(z.enum(shownPresences), count),
      bySync: z.partialRecord(z.enum(syncStates), count),
    }),
  },
  'GET /devices.csv': {
    deed: 'read',
    summary: 'All devices that are chosen, as CSV with a header; units stand in the names of the columns',
    query: z.object(chosen),
    reply: 'text/csv',
  },
  'GET /devices/table': {
    deed: 'read',
    summary: 'Every device in one answer, the revoked too, for a table that filters and sorts by itself',
    query: z.object({ ids: text.max(4000).optional().describe('only these, with commas between them') }),
    reply: z.object({ devices: z.array(Device) }),
  },
  'POST /devices/labels': {
    deed: 'label-device',
    summary: 'Give labels to many devices, and take others from them; what they have besides stays',
    body: z
      .object({ devices: someIds, set: Labels.default({}), remove: z.array(text.max(40)).max(32).default([]) })
      .refine(({ set, remove }) => Object.keys(set).length + remove.length > 0, 'say what to set or to remove'),
    reply: z.object({ changed: z.array(text).describe('the devices that had other labels before') }),
  },
  'POST /devices/revoke': {
    deed: 'revoke-device',
    summary: 'Shut many devices out for good',
    body: z.object({ devices: someIds }),
    reply: z.object({ revoked: z.array(text).describe('those that were not revoked before') }),
  },
  'GET /devices/{id}': { deed: 'read', summary: 'One device, with all that is known of it', reply: Detail },
  'PATCH /devices/{id}': {
    deed: 'rename-device',
    summary: 'Give a device another name',
    body: z.object({ name: text.trim().min(1, 'A name has at least one sign').max(63, 'at most 63 signs') }),
    reply: Detail,
  },
  'POST /devices/{id}/revoke': {
    deed: 'revoke-device',
    summary: 'Shut a device out for good',
    reply: z.object({ revoked: flag }),
  },
  'POST /devices/{id}/ask': {
    deed: 'ask-device',
    summary: 'Ask a device for its logs or for a new report',
    body: Ask,
    reply: Answer,
  },
  'POST /devices/{id}/try': {
    deed: 'ask-device',
    summary: 'Have a device hear a clip of at most 25 MiB; nothing of it is kept',
    query: TrialWish,
    body: 'application/octet-stream',
    reply: TrialReply,
  },
  'GET /devices/{id}/events': {
    deed: 'read',
    summary: 'What happened on a device, the newest first',
    reply: z.object({ events: z.array(Event) }),
  },
  'GET /devices/{id}/samples': {
    deed: 'read',
    summary: 'The samples of a device, by default of the last hour',
    query: z.object({ sinceMs: z.coerce.number().int().nonnegative().optional() }),
    reply: z.object({ samples: z.array(whole<SamplePoint>('`atMs` and each figure; null: not read')) }),
  },
  'GET /devices/{id}/chart': {
    deed: 'read',
    summary: 'The figures of a device over a range, in columns',
    query: z.object({ range: z.enum(rangeNames).default('1h') }),
    reply: z.object({
      range: z.enum(rangeNames),
      fromMs: ms,
      toMs: ms,
      newestMs: orNull(ms),
      bucketMs: orNull(z.number()).describe('how much time a point stands for; null: the points are samples'),
      atMs: z.array(ms),
      figures: z.partialRecord(z.enum(figureNames), whole<Spreads>('columns min, mean and max')),
    }),
  },
  'GET /devices/{id}/assignments': {
    deed: 'read',
    summary: 'Every assignment of a device, the newest first, each with the decision it came from',
    query: z.object({ limit: part().limit }),
    reply: z.object({
      assignments: z.array(
        AssignmentMade.extend({ decision: orNull(whole<Decision>('null: a person chose the build')) }).meta({
          id: 'AssignmentDecided',
        }),
      ),
    }),
  },
  'GET /devices/{id}/decision': {
    deed: 'read',
    summary: 'What its workload would give a device now, and why',
    query: z.object({
      context: z.coerce
        .number()
        .int()
        .min(1)
        .max(10_000_000)
        .optional()
        .describe('tokens of one request, in place of what the workload asks for'),
    }),
    reply: z.object({
      deviceId: text,
      workload: orNull(text).describe('null: none selects it, or several of one priority do'),
      tied: z.array(text).describe('the workloads of one priority that select it'),
      decision: orNull(whole<Decision>('every candidate with its refusals and scores')),
      outcome: orNull(whole<Outcome>('what follows')),
      words: orNull(whole<Explanation>('the same for people')),
      panel: orNull(whole<Panel>('the same as the page of the device shows it, also where no workload selects it')),
      basis: orNull(whole<Basis>('what its newest assignment rests on, and what is otherwise since')),
    }),
  },
  'PUT /devices/{id}/labels': {
    deed: 'label-device',
    summary: 'Replace the labels of a device',
    body: z.object({ labels: Labels }),
    reply: z.object({ labels: Labels }),
  },
  'GET /labels': {
    deed: 'read',
    summary: 'Labels in use, with how many devices have each',
    reply: z.object({ labels: z.array(z.object({ name: text, value: text, devices: count })) }),
  },
  'GET /events': {
    deed: 'read',
    summary: 'News of one device, or of all, as server-sent events; a stream ends after 15 minutes',
    query: z.object({
      device: text.max(32).optional(),
      only: text.max(200).optional().describe('the kinds of news that are wanted, with commas between them'),
    }),
    reply: 'text/event-stream',
  },
} satisfies Operations

import { fleetProblemCodes, healthCodes, severities } from '@tradewind/fleet'
import { problemStates } from '@tradewind/store/model'
import { z } from 'zod'
import { part } from '../part'
import type { Operations } from './operation'
import { count, ms, orNull, text } from './shapes'

const words = {
  title: text.describe('one line, with the numbers'),
  means: text.describe('what it leads to when nothing is done'),
  toDo: text.describe('what a person should do'),
}

const HealthProblem = z
  .object({
    id: text,
    deviceId: text,
    deviceName: text,
    code: z.enum(healthCodes),
    about: orNull(text).describe('what of several things it is about'),
    severity: z.enum(severities),
    state: z.enum(problemStates).describe('waiting: nobody has acknowledged or silenced it'),
    sinceMs: ms,
    endedMs: orNull(ms).describe('null: it is so now'),
    numbers: z.record(text, z.number()).describe('what it was decided by, each with its unit in the name'),
    acknowledged: orNull(z.object({ atMs: ms, by: text })),
    silenced: orNull(z.object({ untilMs: ms, by: text })),
    note: orNull(text),
    ...words,
  })
  .meta({ id: 'HealthProblem' })

const Group = z.object({
  code: z.enum(healthCodes),
  name: text,
  severity: z.enum(severities).describe('the worst of them'),
  sinceMs: ms.describe('of the oldest of them'),
  devices: count,
  means: text,
  toDo: text,
  first: z.array(HealthProblem).describe('a few of them, the worst first'),
})

const FleetProblem = z
  .looseObject({ code: z.enum(fleetProblemCodes), severity: z.enum(severities), sinceMs: ms, devices: count, ...words })
  .describe('what needs a person and is not wrong with one device')

const ids = z.array(text.max(40)).min(1).max(1000)
const note = text.trim().max(500).nullable().default(null).describe('for the others; null: what was noted before stays')

export const problems = {
  'GET /attention': {
    deed: 'read',
    summary: 'What needs a person now: problems grouped by code, and what is wrong with the fleet',
    reply: z.object({
      groups: z.array(Group),
      fleet: z.array(FleetProblem),
      acknowledged: count.describe('problems that somebody knows of'),
      silenced: count,
    }),
  },
  'GET /problems': {
    deed: 'read',
    summary: 'Problems of devices, the most urgent first; what has ended, the last first',
    query: z.object({
      ...part(),
      state: z
        .enum([...problemStates, 'open'])
        .default('open')
        .describe('open: all that have not ended'),
      code: z.enum(healthCodes).optional(),
      severity: z.enum(severities).optional(),
      device: text.max(40).optional().describe('an id'),
    }),
    reply: z.object({
      problems: z.array(HealthProblem),
      total: count.describe('on all pages'),
      byState: z.record(z.enum(problemStates), count),
    }),
  },
  'POST /problems/acknowledge': {
    deed: 'handle-problems',
    summary: 'Say that somebody knows of these; they wait again when they get worse',
    body: z.object({ ids, note }),
    reply: z.object({ acknowledged: z.array(text) }),
  },
  'POST /problems/silence': {
    deed: 'handle-problems',
    summary: 'Do not show these before a time, nor the same on the same device',
    body: z.object({ ids, untilMs: ms.int().describe('milliseconds since 1970, at most a year ahead'), note }),
    reply: z.object({ silenced: z.array(text) }),
  },
  'POST /problems/unsilence': {
    deed: 'handle-problems',
    summary: 'Show these again',
    body: z.object({ ids }),
    reply: z.object({ unsilenced: z.array(text) }),
  },
} satisfies Operations

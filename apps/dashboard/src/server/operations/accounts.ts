import { retentionBounds, roles } from '@tradewind/store/model'
import { z } from 'zod'
import { deeds } from '../../people/permission'
import type { Operations } from './operation'
import { count, flag, ms, orNull, role, text } from './shapes'

const Person = z
  .object({
    id: text,
    name: text,
    email: text,
    role,
    createdMs: ms,
    seenMs: orNull(ms).describe('when a session of theirs was last renewed; null: they are not signed in'),
    hasPassword: flag.describe('false: they have not used their link yet'),
    inviteUntilMs: orNull(ms).describe('until when a one-time link waits for them'),
  })
  .meta({ id: 'Person' })
const Invited = z
  .object({
    id: text,
    path: text.describe('of the one-time link, with the code behind the #: it is given this once'),
    expiresMs: ms,
  })
  .meta({ id: 'Invited' })
const Demoted = z.object({ email: text, tokens: count.describe('API tokens that were revoked with it') })

const days = ({ least, most }: { least: number; most: number }) => count.min(least).max(most)
const chosen = z.object({
  samples: days(retentionBounds.samples).describe('days that raw samples are kept'),
  minutes: days(retentionBounds.minutes).describe('days that the figures of each minute are kept'),
  quarters: days(retentionBounds.quarters).describe('days that the figures of each quarter of an hour are kept'),
  hours: days(retentionBounds.hours).describe('days that the figures of each hour are kept'),
  events: days(retentionBounds.events).describe('days that events are kept'),
})
const Retention = z
  .object({
    days: z.record(text, z.number()),
    chosen: z.record(text, z.number()).describe('what a person chose; the rest is usual, or as the hub was started'),
  })
  .meta({ id: 'Retention' })

/** Who may sign in and do what, and how long records are kept. */
export const accounts = {
  'GET /roles': {
    deed: 'read',
    summary: 'Who may do what',
    reply: z.object({ roles: z.array(z.object({ role: z.enum(roles), deeds: z.array(z.enum(deeds)) })) }),
  },
  'GET /people': { deed: 'manage-people', summary: 'Who has an account', reply: z.object({ people: z.array(Person) }) },
  'POST /people': {
    deed: 'manage-people',
    summary: 'Let a person in by a one-time link, with which they choose a password',
    body: z.object({ name: text.trim().min(1).max(80), email: z.email().max(200), role }),
    reply: Invited,
  },
  'PATCH /people/{id}': {
    deed: 'manage-people',
    summary: 'Give another role; who may do less is signed out. Not for the last admin',
    body: z.object({ role }),
    reply: Demoted,
  },
  'DELETE /people/{id}': {
    deed: 'manage-people',
    summary: 'Remove a person; they are signed out, and their API tokens revoked. Not the last admin',
    reply: Demoted,
  },
  'POST /people/{id}/link': {
    deed: 'manage-people',
    summary: 'Another one-time link, with which they choose a new password',
    reply: Invited,
  },
  'GET /retention': { deed: 'read', summary: 'How long records are kept', reply: Retention },
  'PATCH /retention': {
    deed: 'change-retention',
    summary: 'Keep records longer or shorter; what is dropped does not come back',
    body: chosen.partial(),
    reply: Retention,
  },
} satisfies Operations

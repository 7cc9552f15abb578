import { z } from 'zod'
import { part } from '../part'
import type { Operations } from './operation'
import { count, flag, ms, orNull, text } from './shapes'

const EnrolToken = z
  .object({
    id: text,
    note: text,
    state: z.enum(['open', 'used', 'expired', 'revoked']),
    createdMs: ms,
    createdBy: text,
    expiresMs: ms,
    forDevice: orNull(text),
    usedBy: orNull(text),
  })
  .meta({ id: 'EnrolToken' })

const Parked = z
  .object({
    publicKey: text,
    fingerprint: text,
    name: text,
    board: orNull(text),
    address: text,
    firstMs: ms,
    lastMs: ms,
    refusedMs: orNull(ms),
  })
  .meta({ id: 'Parked' })

export const enrolment = {
  'GET /enrol-tokens': {
    deed: 'read',
    summary: 'Enrolment tokens and what became of them, the newest first',
    query: z.object(part(500)),
    reply: z.object({ tokens: z.array(EnrolToken) }),
  },
  'POST /enrol-tokens': {
    deed: 'create-enrol-token',
    summary: 'Make a token that lets one device in; it is given this once',
    body: z.object({
      note: text.trim().max(200).default(''),
      lifeHours: z.number().min(1).max(720).default(24),
      forDevice: text.optional().describe('only to replace the key of this device'),
    }),
    reply: z.object({ id: text, expiresMs: ms, text }),
  },
  'DELETE /enrol-tokens/{id}': {
    deed: 'revoke-enrol-token',
    summary: 'Make an unused token useless',
    reply: z.object({ revoked: flag }),
  },
  'GET /parked': {
    deed: 'read',
    summary: 'Who waits for a decision, or who was refused',
    query: z.object({ ...part(200), refused: z.enum(['without', 'only']).default('without') }),
    reply: z.object({ parked: z.array(Parked), total: count }),
  },
  'POST /parked/{fingerprint}/approve': {
    deed: 'decide-parked',
    summary: 'Let a waiting device in',
    reply: z.object({ deviceId: text }),
  },
  'POST /parked/{fingerprint}/refuse': {
    deed: 'decide-parked',
    summary: 'Turn a waiting device away',
    reply: z.object({ refused: flag }),
  },
} satisfies Operations

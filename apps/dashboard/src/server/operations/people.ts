import { z } from 'zod'
import { deeds } from '../../people/permission'
import { part } from '../part'
import type { Operations } from './operation'
import { flag, ms, orNull, role, text } from './shapes'

const ApiToken = z
  .object({
    id: text,
    name: text,
    role,
    deeds: orNull(z.array(text)).describe('the only things that it may do; null: all of its role'),
    createdBy: text,
    createdMs: ms,
    lastUsedMs: orNull(ms),
    revokedMs: orNull(ms),
  })
  .meta({ id: 'ApiToken' })
const AuditEntry = z
  .object({ id: text, atMs: ms, actor: text, action: text, target: text, detail: z.record(text, z.unknown()) })
  .meta({ id: 'AuditEntry' })

const when = z.coerce.number().int().min(0).max(8.64e15).optional()
const auditFilter = {
  actor: text.max(300).optional().describe('who: user:EMAIL, api:NAME, token:ID, up'),
  action: text.max(60).optional().describe('what: role-given, device-revoked …'),
  target: text.max(300).optional().describe('on what: the id of a device, an email …'),
  sinceMs: when.describe('milliseconds since 1970, this one included'),
  untilMs: when.describe('milliseconds since 1970, this one excluded'),
}

export const people = {
  'GET /me': {
    deed: 'read',
    summary: 'Who asks, and with which role',
    reply: z.object({ name: text, email: orNull(text), role }),
  },
  'GET /audit': {
    deed: 'read',
    summary: 'Who changed what, the newest first',
    query: z.object({ ...part(200), ...auditFilter }),
    reply: z.object({ audit: z.array(AuditEntry) }),
  },
  'GET /audit/export': {
    deed: 'read',
    summary: 'The same as CSV, all of it',
    query: z.object(auditFilter),
    reply: 'text/csv',
  },
  'GET /api-tokens': {
    deed: 'manage-api-tokens',
    summary: 'Tokens of programs',
    reply: z.object({ tokens: z.array(ApiToken) }),
  },
  'POST /api-tokens': {
    deed: 'manage-api-tokens',
    summary: 'Make a token; its secret is given this once',
    body: z.object({
      name: text.trim().min(1).max(80),
      role,
      deeds: orNull(z.array(z.enum(deeds)).min(1))
        .default(null)
        .describe('the only things that it may do, of those of its role; null: all of them'),
    }),
    reply: z.object({ id: text, secret: text }),
  },
  'DELETE /api-tokens/{id}': {
    deed: 'manage-api-tokens',
    summary: 'Make a token useless',
    reply: z.object({ revoked: flag }),
  },
} satisfies Operations

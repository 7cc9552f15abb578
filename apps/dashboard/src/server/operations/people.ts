import { z } from 'zod'
import { part } from '../part'
import type { Operations } from './operation'
import { flag, ms, orNull, role, text } from './shapes'

const ApiToken = z
  .object({
    id: text,
    name: text,
    role,
    createdBy: text,
    createdMs: ms,
    lastUsedMs: orNull(ms),
    revokedMs: orNull(ms),
  })
  .meta({ id: 'ApiToken' })
const AuditEntry = z
  .object({ id: text, atMs: ms, actor: text, action: text, target: text, detail: z.record(text, z.unknown()) })
  .meta({ id: 'AuditEntry' })

export const people = {
  'GET /me': {
    deed: 'read',
    summary: 'Who asks, and with which role',
    reply: z.object({ name: text, email: orNull(text), role }),
  },
  'GET /audit': {
    deed: 'read',
    summary: 'Who changed what, the newest first',
    query: z.object(part(200)),
    reply: z.object({ audit: z.array(AuditEntry) }),
  },
  'GET /api-tokens': {
    deed: 'manage-api-tokens',
    summary: 'Tokens of programs',
    reply: z.object({ tokens: z.array(ApiToken) }),
  },
  'POST /api-tokens': {
    deed: 'manage-api-tokens',
    summary: 'Make a token; its secret is given this once',
    body: z.object({ name: text.trim().min(1).max(80), role }),
    reply: z.object({ id: text, secret: text }),
  },
  'DELETE /api-tokens/{id}': {
    deed: 'manage-api-tokens',
    summary: 'Make a token useless',
    reply: z.object({ revoked: flag }),
  },
} satisfies Operations

import { type Database, type Transaction, transact } from './database'
import { newId } from './ids'
import type { AuditRow } from './model'

/** Who did it: `user:<email>`, `api:<token name>`, `token:<id>`, `up`. */
export type Actor = string

/** Written in the transaction of the change itself: neither exists without the other. */
export async function audit(
  tx: Transaction,
  actor: Actor,
  action: string,
  target: string,
  detail: Record<string, string | number | null> = {},
) {
  await tx.audit.create({ data: { id: newId(), actor, action, target, detail } })
}

export const auditTrail = (db: Database) => ({
  /** Somebody added a clip to a smoke test, or took one away. The hub keeps clips by itself; what they say is not told. */
  noteClip: (action: 'clip-added' | 'clip-deleted', target: string, bytes: number, actor: Actor): Promise<void> =>
    transact(db, (tx) => audit(tx, actor, action, target, { bytes })),

  /** The newest first: `limit` of them, after the first `offset`. */
  async listAudit(limit = 200, offset = 0): Promise<AuditRow[]> {
    const rows = await db.audit.findMany({ orderBy: { at: 'desc' }, take: limit, skip: offset })
    return rows.map(({ at, detail, ...row }) => ({ ...row, atMs: +at, detail: detail as Record<string, unknown> }))
  },
})

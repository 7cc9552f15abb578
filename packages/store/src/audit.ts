import { type Database, type Transaction, transact } from './database'
import { newId } from './ids'
import type { AuditRow } from './model'

/** Who did it: `user:<email>`, `api:<token name>`, `token:<id>`, `up`. */
export type Actor = string

/** Which entries: by whom, what, on what, and when. What is left out does not narrow. */
export type AuditQuery = {
  actor?: string
  action?: string
  target?: string
  /** milliseconds since 1970: from the first on, before the second */
  sinceMs?: number
  untilMs?: number
}

type Detail = Record<string, string | number | null>

/** Written in the transaction of the change itself: neither exists without the other. */
export async function audit(tx: Transaction, actor: Actor, action: string, target: string, detail: Detail = {}) {
  await tx.audit.create({ data: { id: newId(), actor, action, target, detail } })
}

/** What differs of two values with fields, as texts for `before` and `after`; where nothing does, both are empty. */
export function differenceOf(before: object, after: object): { before: string; after: string } {
  const [was, is] = [new Map<string, unknown>(Object.entries(before)), new Map<string, unknown>(Object.entries(after))]
  const names = [...new Set([...was.keys(), ...is.keys()])].filter(
    (name) => JSON.stringify(was.get(name)) !== JSON.stringify(is.get(name)),
  )
  const words = (fields: Map<string, unknown>) =>
    names
      .filter((name) => fields.get(name) !== undefined)
      .map((name) => `${name}: ${plain(fields.get(name))}`)
      .join(', ')
  return { before: words(was), after: words(is) }
}

const plain = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

export const auditTrail = (db: Database) => ({
  /** Somebody added a clip to a smoke test, or took one away. The hub keeps clips by itself; what they say is not told. */
  noteClip: (action: 'clip-added' | 'clip-deleted', target: string, bytes: number, actor: Actor): Promise<void> =>
    transact(db, (tx) => audit(tx, actor, action, target, { bytes })),

  /** The newest first: `limit` of them, after the first `offset`. */
  async listAudit(limit = 200, offset = 0, query: AuditQuery = {}): Promise<AuditRow[]> {
    const { actor, action, target, sinceMs, untilMs } = query
    const rows = await db.audit.findMany({
      where: {
        ...{ actor, action, target },
        at: {
          ...(sinceMs !== undefined && { gte: new Date(sinceMs) }),
          ...(untilMs !== undefined && { lt: new Date(untilMs) }),
        },
      },
      orderBy: { at: 'desc' },
      take: limit,
      skip: offset,
    })
    return rows.map(({ at, detail, ...row }) => ({ ...row, atMs: +at, detail: detail as Record<string, unknown> }))
  },

  /** Who and what there is to choose from. Devices and tokens are not among the people. */
  async auditChoices(): Promise<{ actors: string[]; actions: string[] }> {
    const [actors, actions] = await Promise.all([
      db.audit.groupBy({
        by: ['actor'],
        where: { NOT: { actor: { startsWith: 'token:' } } },
        orderBy: { actor: 'asc' },
      }),
      db.audit.groupBy({ by: ['action'], orderBy: { action: 'asc' } }),
    ])
    return { actors: actors.map(({ actor }) => actor), actions: actions.map(({ action }) => action) }
  },
})

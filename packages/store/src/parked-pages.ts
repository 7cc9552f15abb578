import type { Database } from './database'
import { parkedRow } from './enrolment'
import type { ParkedRow } from './model'

export type ParkedQuery = { refused: boolean; offset: number; limit: number }
export type ParkedPage = { parked: ParkedRow[]; total: number }

export const parkedPages = (db: Database) => ({
  /** Who waits for a decision, or who was refused: who asked last comes first. `total` counts all pages. */
  async pageOfParked({ refused, offset, limit }: ParkedQuery): Promise<ParkedPage> {
    const where = { refusedAt: refused ? { not: null } : null }
    const orderBy = [{ lastAt: 'desc' as const }, { publicKey: 'asc' as const }]
    const rows = await db.parked.findMany({ where, orderBy, take: limit, skip: offset })
    return { parked: rows.map(parkedRow), total: await db.parked.count({ where }) }
  },
})

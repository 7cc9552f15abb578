import { figureNames } from '@tradewind/protocol'
import { type Database, transact } from './database'
import { idsPerMs } from './ingest'
import type { EventRow, SamplePoint } from './model'
import { keepSince, readSetting } from './settings'

export const history = (db: Database) => ({
  /** Samples of one device taken since `fromMs`, oldest first, late ones in their place. At most `limit` of the newest. */
  async samplesOf(deviceId: string, fromMs: number, limit = 5000): Promise<SamplePoint[]> {
    const rows = await db.$queryRawUnsafe<SampleRow[]>(
      `SELECT * FROM (SELECT ${pointColumns} FROM Sample WHERE id >= ? AND at >= ?
         AND device = (SELECT num FROM Device WHERE id = ?) ORDER BY at DESC LIMIT ?) ORDER BY at`,
      Math.floor(fromMs) * idsPerMs,
      Math.floor(fromMs),
      deviceId,
      limit,
    )
    return rows.map(point)
  },

  /** The newest sample of every device heard from since `fromMs`. */
  async latestSamples(fromMs: number): Promise<Map<string, SamplePoint>> {
    const rows = await db.$queryRawUnsafe<(SampleRow & { deviceId: string })[]>(
      `SELECT d.id AS deviceId, ${pointColumns}, max(s.at) AS newest FROM Sample s JOIN Device d ON d.num = s.device
       WHERE s.id >= ? GROUP BY s.device`,
      Math.floor(fromMs) * idsPerMs,
    )
    return new Map(rows.map((row) => [row.deviceId, point(row)]))
  },

  /** The newest events, of one device or of all. */
  async listEvents(deviceId: string | null, limit = 100): Promise<EventRow[]> {
    const rows = await db.event.findMany({
      where: deviceId ? { deviceId } : {},
      orderBy: [{ at: 'desc' }, { receivedAt: 'desc' }],
      take: limit,
      include: { device: { select: { name: true } } },
    })
    return rows.map((row) => ({
      id: row.id,
      deviceId: row.deviceId,
      deviceName: row.device?.name ?? null,
      source: row.source as EventRow['source'],
      code: row.code,
      atMs: +row.at,
      detail: row.detail as EventRow['detail'],
    }))
  },

  /**
   * Deletes up to `most` of the samples received before `beforeMs`, the oldest first, as one range, and says how many.
   * Call it again until it says 0: small pieces keep commits from waiting. Samples that are not rolled up yet stay.
   * Flush the marks first.
   */
  dropSamples: (beforeMs: number, most = 2500): Promise<number> =>
    transact(db, async (tx) => {
      const rolledThrough = (await readSetting<number>(tx, 'rolled-through')) ?? 0
      const dropped = await tx.$executeRaw`DELETE FROM Sample
        WHERE id < ${Math.floor(beforeMs) * idsPerMs} AND id <= ${rolledThrough}
        AND id <= (SELECT max(id) FROM (SELECT id FROM Sample ORDER BY id LIMIT ${most}))`
      if (dropped > 0) await keepSince(tx, 'raw', beforeMs)
      return dropped
    }),

  async dropEvents(beforeMs: number): Promise<number> {
    const { count } = await transact(db, (tx) => tx.event.deleteMany({ where: { at: { lt: new Date(beforeMs) } } }))
    return count
  },
})

type SampleRow = Record<string, number | bigint | null>

const pointColumns = ['at', ...figureNames].join(', ')

const number = (value: number | bigint | null | undefined) =>
  value === null || value === undefined ? null : Number(value)

function point(row: SampleRow): SamplePoint {
  const figures = Object.fromEntries(figureNames.map((name) => [name, number(row[name])]))
  return { atMs: Number(row.at), ...figures } as SamplePoint
}

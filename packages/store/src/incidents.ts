import type { Database } from './database'
import type { ThrottledSpan } from './model'

/** Devices that went within so long of each other went together. */
const togetherMs = 60_000

export const incidents = (db: Database) => ({
  /**
   * When a device said that it was held back, and by what, the oldest first. It says so with a report, so that a span
   * reaches to the next one: null where there is none yet. Of spans that touch `fromMs` to `toMs`, milliseconds since 1970.
   */
  async throttledSpans(deviceId: string, fromMs: number, toMs: number): Promise<ThrottledSpan[]> {
    const rows = await db.$queryRaw<{ at: number | bigint; until: number | bigint | null; throttles: string }[]>`
      SELECT * FROM (
        SELECT at, lead(at) OVER (ORDER BY at) AS until, body ->> '$.facts.throttling.now' AS throttles
        FROM Report WHERE deviceId = ${deviceId})
      WHERE json_array_length(throttles) > 0 AND at < ${toMs} AND (until IS NULL OR until > ${fromMs})
      ORDER BY at`
    return rows.map(({ at, until, throttles }) => ({
      fromMs: Number(at),
      toMs: until === null ? null : Number(until),
      throttles: JSON.parse(throttles) as ThrottledSpan['throttles'],
    }))
  },

  /** How many other devices were lost at about the same time and are lost still. */
  lostBeside: (deviceId: string, lostMs: number): Promise<number> =>
    db.presence.count({
      where: {
        deviceId: { not: deviceId },
        state: 'lost',
        since: { gte: new Date(lostMs - togetherMs), lte: new Date(lostMs + togetherMs) },
      },
    }),
})

import type { Database } from './database'

/** How much waits for people: what a frame around every page shows, and therefore cheap. */
export type Waiting = {
  /** open problems that nobody has acknowledged or silenced */
  problems: number
  proposals: number
  /** that run, are paused or roll back */
  rollouts: number
}

export const waiting = (db: Database) => ({
  async waiting(nowMs: number): Promise<Waiting> {
    const [row] = await db.$queryRawUnsafe<Record<keyof Waiting, bigint>[]>(
      `SELECT
        (SELECT count(*) FROM Problem WHERE endedAt IS NULL AND acknowledgedAt IS NULL
          AND (silencedUntil IS NULL OR silencedUntil <= CAST(? AS INTEGER))) AS problems,
        (SELECT count(*) FROM Proposal p JOIN Device d ON d.id = p.deviceId
          WHERE p.dismissedAt IS NULL AND d.revokedAt IS NULL) AS proposals,
        (SELECT count(*) FROM Rollout WHERE state IN ('running', 'paused', 'rolling-back')) AS rollouts`,
      nowMs,
    )
    return {
      problems: Number(row?.problems ?? 0),
      proposals: Number(row?.proposals ?? 0),
      rollouts: Number(row?.rollouts ?? 0),
    }
  },
})

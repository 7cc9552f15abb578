import path from 'node:path'
import type { Roster } from '@tradewind/hub/admission/roster'
import type { Assign, Change } from '@tradewind/hub/rollout/assign'
import type { Watch } from '@tradewind/hub/watch'
import Database from 'better-sqlite3'

type Hub = { roster: Roster; watch: Watch; now: () => number }

/** Makes assignments past placement: rows without a body, then `desired`. Keeps what it was asked for in `asked`. */
export function scriptedAssigning(folder: string, asked: Change[] = []): (hub: Hub) => Assign {
  return ({ roster, watch, now }) =>
    async (changes, actor, cause) => {
      asked.push(...changes)
      const revisions = await insertAll(path.join(folder, 'tradewind.db'), changes, actor, cause, now())
      for (const { deviceId, revision } of revisions) {
        const device = roster.get(deviceId)
        if (device) device.assignedRevision = revision
        watch.tell(deviceId)
      }
      return { assigned: revisions, refused: [] }
    }
}

async function insertAll(file: string, changes: Change[], actor: string, cause: string, nowMs: number) {
  const db = new Database(file, { timeout: 0 })
  const revisionOf = db.prepare('SELECT coalesce(max(revision), 0) + 1 AS revision FROM Assignment WHERE deviceId = ?')
  const insert = db.prepare(`INSERT INTO Assignment (deviceId, revision, at, actor, cause, rolloutId, build, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, '{}')`)
  const assign = db.prepare(`INSERT INTO Sync (deviceId, assignedRevision, reportedAt) VALUES (?, ?, 0)
    ON CONFLICT (deviceId) DO UPDATE SET assignedRevision = excluded.assignedRevision`)
  const all = db.transaction(() =>
    changes.map(({ deviceId, build, rolloutId }) => {
      const { revision } = revisionOf.get(deviceId) as { revision: number }
      insert.run(deviceId, revision, nowMs, actor, cause, rolloutId, build)
      assign.run(deviceId, revision)
      return { deviceId, revision, build }
    }),
  )
  try {
    return await whenFree(() => all.immediate())
  } finally {
    db.close()
  }
}

/** The store of a test hub writes on this very thread: to wait for its lock would be to wait for ever. */
async function whenFree<T>(write: () => T): Promise<T> {
  for (;;)
    try {
      return write()
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
}

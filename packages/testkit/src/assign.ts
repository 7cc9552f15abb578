import path from 'node:path'
import Database from 'better-sqlite3'

/** Assigns a revision to each device, past the store, which has no command for it yet: placement will bring one. */
export function assign(folder: string, revisions: { id: string; revision: number }[]) {
  const db = new Database(path.join(folder, 'tradewind.db'))
  try {
    const insert = db.prepare('INSERT INTO Sync (deviceId, assignedRevision, reportedAt) VALUES (?, ?, 0)')
    db.transaction(() => {
      for (const { id, revision } of revisions) insert.run(id, revision)
    })()
  } finally {
    db.close()
  }
}

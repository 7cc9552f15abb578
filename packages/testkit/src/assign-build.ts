import path from 'node:path'
import type { Build } from '@tradewind/protocol'
import Database from 'better-sqlite3'

/** Assigns a build to a device, past the hub: the store alone knows of it. */
export function assignBuild(folder: string, deviceId: string, build: Build) {
  const db = new Database(path.join(folder, 'tradewind.db'))
  try {
    db.prepare(
      `INSERT INTO Assignment (deviceId, revision, at, actor, cause, build, body)
       VALUES (?, (SELECT 1 + coalesce(max(revision), 0) FROM Assignment WHERE deviceId = ?), 0, 'test', 'person', ?, ?)`,
    ).run(deviceId, deviceId, build.id, JSON.stringify({ build: { ...build, demo: false } }))
  } finally {
    db.close()
  }
}

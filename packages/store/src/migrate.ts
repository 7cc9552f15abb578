import { randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'
import { migrations } from './generated/migrations'

/**
 * Applies the migrations that a database lacks, each in one transaction with its entry in Prisma's own history table,
 * so that `prisma migrate` can go on from here and a power cut leaves a migration whole or absent.
 * Throws when the database was made by newer code, or a migration was changed after it was applied.
 */
export function migrate(file: string): string[] {
  const db = new Database(file, { timeout: 15_000 })
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.exec(historyTable)
    return db.transaction(() => applyMissing(db)).exclusive()
  } finally {
    db.close()
  }
}

function applyMissing(db: Database.Database): string[] {
  const applied = new Map(
    (db.prepare('SELECT migration_name, checksum FROM _prisma_migrations').all() as HistoryRow[]).map((row) => [
      row.migration_name,
      row.checksum,
    ]),
  )
  for (const name of applied.keys())
    if (!migrations.some((migration) => migration.name === name))
      throw new Error(
        `the database has the migration ${name}, which this version of Tradewind does not know: update it`,
      )
  const missing = migrations.filter(({ name }) => !applied.has(name))
  for (const { name, sha256 } of migrations)
    if (applied.has(name) && applied.get(name) !== sha256)
      throw new Error(`the migration ${name} was changed after it was applied: restore it`)
  for (const { name, sql, sha256 } of missing) {
    db.exec(sql)
    db.prepare(recordSql).run(randomUUID(), sha256, name, Date.now(), Date.now())
  }
  return missing.map(({ name }) => name)
}

type HistoryRow = { migration_name: string; checksum: string }

const historyTable = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
  "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`
const recordSql = `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
  VALUES (?, ?, ?, ?, ?, 1)`

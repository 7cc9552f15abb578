import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaClient } from './generated/client/client'

export type Database = PrismaClient
/** Inside a transaction, everything of the database but opening another one. */
export type Transaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0]

/**
 * Opens the file with what durability needs: WAL, so that readers never wait for the writer, and synchronous=FULL,
 * because better-sqlite3 is compiled with NORMAL for WAL, which forgets the last commits when the power goes.
 */
export async function openDatabase(file: string): Promise<Database> {
  const adapter = new PrismaBetterSqlite3({ url: `file:${file}`, timeout: 10_000 }, { timestampFormat: 'unixepoch-ms' })
  const db = new PrismaClient({ adapter, transactionOptions: { maxWait: 30_000, timeout: 60_000 } })
  await db.$queryRawUnsafe('PRAGMA journal_mode = WAL')
  await db.$executeRawUnsafe('PRAGMA synchronous = FULL')
  await db.$executeRawUnsafe('PRAGMA foreign_keys = ON')
  return db
}

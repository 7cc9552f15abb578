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

/**
 * One transaction that writes, whole or not at all; every write goes through here. It takes the write lock before it
 * reads, because a transaction that turns from reading to writing fails at once when another process wrote in between.
 * A write outside of it would share the connection with whatever transaction is open, and be undone with it.
 */
export function transact<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`UPDATE Setting SET key = key WHERE key IS NULL`
    return work(tx)
  })
}

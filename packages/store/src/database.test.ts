import Sqlite from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { openDatabase, transact } from './database'
import { migrate } from './migrate'
import { readSetting, writeSetting } from './settings'
import { newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)

async function open() {
  const file = newFile(folder)
  migrate(file)
  return { file, db: await openDatabase(file) }
}

test('commits survive a power cut: WAL with synchronous=FULL, and foreign keys hold', async () => {
  const { db } = await open()
  expect(await db.$queryRawUnsafe('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
  expect(await db.$queryRawUnsafe('PRAGMA synchronous')).toEqual([{ synchronous: 2n }])
  expect(await db.$queryRawUnsafe('PRAGMA foreign_keys')).toEqual([{ foreign_keys: 1n }])
  await db.$disconnect()
})

test('a transaction holds the write lock from its first moment', async () => {
  const { file, db } = await open()
  const other = new Sqlite(file, { timeout: 0 })
  await transact(db, async () => {
    expect(() => other.exec('BEGIN IMMEDIATE')).toThrow(/locked/)
  })
  other.exec('BEGIN IMMEDIATE; COMMIT')
  other.close()
  await db.$disconnect()
})

test('a transaction that fails is undone, and the next one works', async () => {
  const { db } = await open()
  const failing = transact(db, async (tx) => {
    await writeSetting(tx, 'setup-code', 'half')
    throw new Error('the power went')
  })
  await expect(failing).rejects.toThrow('the power went')
  expect(await readSetting(db, 'setup-code')).toBeNull()
  await transact(db, (tx) => writeSetting(tx, 'setup-code', 'whole'))
  expect(await readSetting(db, 'setup-code')).toBe('whole')
  await db.$disconnect()
})

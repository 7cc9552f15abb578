import Sqlite from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { migrations } from './generated/migrations'
import { migrate } from './migrate'
import { openStore } from './open'
import { newFile, temporaryFolder } from './temporary'

const folder = temporaryFolder(afterAll)
const names = migrations.map(({ name }) => name)

function run(file: string, sql: string) {
  const db = new Sqlite(file)
  db.exec(sql)
  db.close()
}

function tables(file: string): string[] {
  const db = new Sqlite(file)
  const rows = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[]
  db.close()
  return rows.map(({ name }) => name)
}

test('a new database gets every migration, and then none', () => {
  const file = newFile(folder)
  expect(names.length).toBeGreaterThan(0)
  expect(migrate(file)).toEqual(names)
  expect(migrate(file)).toEqual([])
  expect(tables(file)).toEqual(expect.arrayContaining(['Device', 'Sample', 'Mark', 'Audit', '_prisma_migrations']))
})

test('the history is what Prisma would have written', () => {
  const file = newFile(folder)
  migrate(file)
  const db = new Sqlite(file)
  const rows = db.prepare('SELECT migration_name, checksum, applied_steps_count FROM _prisma_migrations').all()
  db.close()
  expect(rows).toEqual(
    migrations.map(({ name, sha256 }) => ({ migration_name: name, checksum: sha256, applied_steps_count: 1 })),
  )
})

test('a migration that was changed after it was applied is refused', async () => {
  const file = newFile(folder)
  migrate(file)
  run(file, `UPDATE _prisma_migrations SET checksum = 'another' WHERE migration_name = '${names[0]}'`)
  expect(() => migrate(file)).toThrow(`the migration ${names[0]} was changed after it was applied`)
  await expect(openStore(file)).rejects.toThrow('was changed')
})

test('a database of newer code is refused, and left alone', () => {
  const file = newFile(folder)
  migrate(file)
  run(file, `UPDATE _prisma_migrations SET migration_name = '29991231000000_far' WHERE migration_name = '${names[0]}'`)
  expect(() => migrate(file)).toThrow(/29991231000000_far, which this version of Tradewind does not know/)
})

test('a migration that fails leaves nothing behind', () => {
  const file = newFile(folder)
  run(file, 'CREATE TABLE Setting (stranger TEXT)')
  expect(() => migrate(file)).toThrow(/Setting/)
  expect(tables(file)).not.toContain('Device')
  run(file, 'DROP TABLE Setting')
  expect(migrate(file)).toEqual(names)
})

test('a database of the first migration keeps its samples, and they are rolled up', async () => {
  const file = newFile(folder)
  const [first, ...later] = migrations
  run(
    file,
    `${first?.sql};
     CREATE TABLE _prisma_migrations (id TEXT PRIMARY KEY, checksum TEXT, migration_name TEXT, started_at DATETIME,
       finished_at DATETIME, applied_steps_count INTEGER);
     INSERT INTO _prisma_migrations VALUES ('a', '${first?.sha256}', '${first?.name}', 1, 1, 1);
     INSERT INTO Device (id, num, name) VALUES ('till', 1, 'till-7');
     INSERT INTO Sample (id, device, stream, seq, at, load1)
       VALUES (1790000000000 * 1024, 1, 'abcdefgh', 1, 1790000000000, 0.5)`,
  )
  expect(migrate(file)).toEqual(later.map(({ name }) => name))
  const store = await openStore(file, { ingests: true })
  const load = async () => (await store.chartOf('till', 1_790_000_000_000, 1_790_000_000_001))?.points[0]?.load1?.last
  expect(await load()).toBe(0.5)
  expect(await store.rollUp()).toBe(1)
  expect(await load()).toBe(0.5)
  await store.close()
})

// npm run migration create NAME   a change of schema.prisma becomes SQL under prisma/migrations
// npm run migration check         the migrations, applied to an empty file, give exactly schema.prisma
//
// Prisma's own migrate commands download an engine; this drives the same engine as WASM from the registry.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'

const root = path.resolve(import.meta.dirname, '..')
const require = createRequire(import.meta.url)
const engineModule = await import('@prisma/schema-engine-wasm/schema_engine_bg')
const wasm = path.join(
  path.dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg')),
  'schema_engine_bg.wasm',
)
const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { './schema_engine_bg.js': engineModule })
engineModule.__wbg_set_wasm(instance.exports)
instance.exports.__wbindgen_start()

const schemaPath = path.join(root, 'prisma/schema.prisma')
const snapshotPath = path.join(root, 'prisma/migrations/snapshot.prisma')
const migrationsDir = path.join(root, 'prisma/migrations')
const schema = readFileSync(schemaPath, 'utf8')
const datamodel = (content) => ({ tag: 'schemaDatamodel', files: [{ path: schemaPath, content }] })

const engineAt = (url) =>
  engineModule.SchemaEngine.new(
    { datamodels: [[schemaPath, schema]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(new PrismaBetterSqlite3({ url })),
  )
const diff = (engine, from, to) =>
  engine.diff({
    from,
    to,
    script: true,
    exitCode: true,
    shadowDatabaseUrl: null,
    filters: { externalTables: [], externalEnums: [] },
  })

async function create(name) {
  const before = existsSync(snapshotPath) ? datamodel(readFileSync(snapshotPath, 'utf8')) : { tag: 'empty' }
  const change = await diff(await engineAt('file::memory:'), before, datamodel(schema))
  if (change.exitCode === 0) return console.log('schema.prisma has not changed since the last migration')
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
  const dir = path.join(migrationsDir, `${stamp}_${name}`)
  mkdirSync(dir, { recursive: true })
  writeFileSync(path.join(dir, 'migration.sql'), change.stdout)
  writeFileSync(path.join(migrationsDir, 'migration_lock.toml'), 'provider = "sqlite"\n')
  writeFileSync(snapshotPath, schema)
  console.log(`wrote ${path.relative(process.cwd(), dir)}/migration.sql: read it before you commit it`)
}

async function check() {
  const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-migration-'))
  try {
    const file = path.join(folder, 'check.db')
    const Database = createRequire(path.join(root, 'packages/store/package.json'))('better-sqlite3')
    const db = new Database(file)
    for (const dir of readdirSync(migrationsDir, { withFileTypes: true })
      .filter((d) => d.isDirectory())
      .map((d) => d.name)
      .sort())
      db.exec(readFileSync(path.join(migrationsDir, dir, 'migration.sql'), 'utf8'))
    db.close()
    const live = { tag: 'schemaDatasource', files: [{ path: schemaPath, content: schema }], configDir: root }
    const drift = await diff(await engineAt(`file:${file}`), live, datamodel(schema))
    if (drift.exitCode !== 0) throw new Error(`schema.prisma and prisma/migrations differ:\n${drift.stdout}`)
    console.log('schema.prisma and prisma/migrations agree')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const [command, name = 'change'] = process.argv.slice(2)
try {
  if (command === 'create') await create(name)
  else if (command === 'check') await check()
  else throw new Error('usage: npm run migration create NAME | check')
} catch (error) {
  console.error(error?.message ?? error)
  process.exitCode = 1
}
process.exit() // the WASM engine keeps the process alive

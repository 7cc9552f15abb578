// Makes what is derived: the Prisma client and the migrations as a module (not committed), docs/wire.md and
// docs/health.md (committed, so that they can be read without a checkout; tests hold them to their tables). Offline.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { build } from 'esbuild'

const root = path.resolve(import.meta.dirname, '..')
const generated = path.join(root, 'packages/store/src/generated')
mkdirSync(generated, { recursive: true })

const dir = path.join(root, 'prisma/migrations')
const migrations = readdirSync(dir, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const sql = readFileSync(path.join(dir, name, 'migration.sql'), 'utf8')
    return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
  })
  .sort((a, b) => (a.name < b.name ? -1 : 1))
writeFileSync(
  path.join(generated, 'migrations.ts'),
  `export const migrations: { name: string; sql: string; sha256: string }[] = ${JSON.stringify(migrations, null, 2)}\n`,
)

const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js')
const run = spawnSync(process.execPath, [prisma, 'generate', '--schema', path.join(root, 'prisma/schema.prisma')], {
  cwd: root,
  encoding: 'utf8',
  env: {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: path.join(root, 'tools/no-schema-engine.sh'),
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  },
})
if (run.status !== 0) {
  process.stderr.write(run.stdout + run.stderr)
  process.exit(1)
}

const pages = await build({
  stdin: {
    contents: `export { wirePage } from './packages/protocol/src/index.ts'
      export { healthPage } from './packages/fleet/src/index.ts'`,
    resolveDir: root,
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
})
const { wirePage, healthPage } = await import(
  `data:text/javascript;base64,${Buffer.from(pages.outputFiles[0].contents).toString('base64')}`
)
writeFileSync(path.join(root, 'docs/wire.md'), wirePage())
writeFileSync(path.join(root, 'docs/health.md'), healthPage())

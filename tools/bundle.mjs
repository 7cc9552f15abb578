// node tools/bundle.mjs hub|agent|cli: one program as plain JavaScript under its dist/. Native parts stay outside.
import path from 'node:path'
import { build } from 'esbuild'

const root = path.resolve(import.meta.dirname, '..')
const programs = {
  hub: { main: 'apps/hub/src/main.ts', 'store-thread': 'packages/store/src/thread-worker.ts' },
  agent: { main: 'apps/agent/src/main.ts' },
  cli: { tradewind: 'apps/cli/src/tradewind.ts', dashboard: 'apps/cli/src/up/dashboard.ts' },
}
const name = process.argv[2]
const entries = programs[name]
if (!entries) throw new Error(`usage: node tools/bundle.mjs ${Object.keys(programs).join('|')}`)

await build({
  absWorkingDir: root,
  entryPoints: Object.entries(entries).map(([out, file]) => ({ out, in: file })),
  outdir: `apps/${name}/dist`,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  chunkNames: 'chunks/[name]-[hash]',
  sourcemap: 'linked',
  logLevel: 'warning',
  external: ['better-sqlite3'],
  banner: {
    js: "import{createRequire as __tradewindRequire}from'node:module';const require=__tradewindRequire(import.meta.url);",
  },
})

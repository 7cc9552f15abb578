// npm run bench NAME [-- --json]: one benchmark from bench/, bundled and run. Build the programs first (npm run build).
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from './pnpm.mjs'

const name = process.argv[2] ?? ''
const entry = path.join(root, 'bench', `${name}.ts`)
if (!/^[a-z-]+$/.test(name) || !existsSync(entry)) {
  const names = readdirSync(path.join(root, 'bench')).filter((file) => file.endsWith('.ts'))
  console.error(`usage: npm run bench ${names.map((file) => file.replace('.ts', '')).join('|')} [-- --json]`)
  process.exit(2)
}
// under a package that has the native parts, so that they are found
const out = path.join(root, 'packages/testkit/dist', `bench-${name}.js`)
await build({
  entryPoints: [entry],
  outfile: out,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
  external: ['better-sqlite3', 'vitest'],
  banner: {
    js: "import{createRequire as __tradewindRequire}from'node:module';const require=__tradewindRequire(import.meta.url);",
  },
})
// interrupted, it still ends what it started: that hangs on 'exit'
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
await import(pathToFileURL(out).href)

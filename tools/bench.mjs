// npm run bench NAME [-- --json]: one benchmark from bench/, bundled and run. Build the programs first (npm run build).
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { root } from './pnpm.mjs'
import { runBundled } from './run-bundled.mjs'

const name = process.argv[2] ?? ''
const entry = path.join(root, 'bench', `${name}.ts`)
if (!/^[a-z-]+$/.test(name) || !existsSync(entry)) {
  const names = readdirSync(path.join(root, 'bench')).filter((file) => file.endsWith('.ts'))
  console.error(`usage: npm run bench ${names.map((file) => file.replace('.ts', '')).join('|')} [-- --json]`)
  process.exit(2)
}
await runBundled(entry, `bench-${name}`)

// Completes the dashboard's standalone server: Next.js leaves the static files out of it, and the demo's sample clips are
// the fixtures of its model. Runs in apps/dashboard.
import { cpSync, existsSync, rmSync } from 'node:fs'
import path from 'node:path'

const server = path.resolve('.next/standalone/apps/dashboard')
if (!existsSync(path.join(server, 'server.js'))) {
  console.error('there is no .next/standalone/apps/dashboard/server.js: run `next build` in apps/dashboard first')
  process.exit(1)
}
for (const folder of ['.next/static', 'public']) {
  const target = path.join(server, folder)
  rmSync(target, { recursive: true, force: true })
  if (existsSync(folder)) cpSync(folder, target, { recursive: true })
}
cpSync('../../test/fixtures/pocket/samples', path.join(server, 'public/samples'), { recursive: true })

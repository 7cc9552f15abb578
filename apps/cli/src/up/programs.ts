import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the built programs are, found from this one. Throws when this is not a checkout of Tradewind. */
export function programs() {
  let root = path.dirname(fileURLToPath(import.meta.url))
  while (!existsSync(path.join(root, 'pnpm-workspace.yaml'))) {
    if (root === path.dirname(root)) throw new Error('`tradewind up` runs from a checkout of Tradewind: npm start')
    root = path.dirname(root)
  }
  return {
    root,
    hub: path.join(root, 'apps/hub/dist/main.js'),
    agent: path.join(root, 'apps/agent/dist/main.js'),
    demo: path.join(root, 'test/fixtures/pocket'),
    dashboardRunner: path.join(root, 'apps/cli/dist/dashboard.js'),
    dashboard: path.join(root, 'apps/dashboard/.next/standalone/apps/dashboard/server.js'),
  }
}

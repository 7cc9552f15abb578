// Runs a TypeScript file that is no program of its own: a benchmark, the seed.
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from './pnpm.mjs'

/** Bundles it under a package that has the native parts, so that they are found, and runs it in this process. */
export async function runBundled(entry, name) {
  const out = path.join(root, 'packages/testkit/dist', `${name}.js`)
  await build({
    entryPoints: [entry],
    outfile: out,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
    external: ['better-sqlite3', 'vitest', 'playwright-core'],
    banner: {
      js: "import{createRequire as __tradewindRequire}from'node:module';const require=__tradewindRequire(import.meta.url);",
    },
  })
  // interrupted, it still ends what it started: that hangs on 'exit'
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
  await import(pathToFileURL(out).href)
}

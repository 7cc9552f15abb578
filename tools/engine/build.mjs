// node tools/engine/build.mjs [--target linux-arm64] [--jobs N] [-- -DCMAKE_FLAG=…]: what `tradewind-agent engine build`
// does, from a checkout without a built agent. Prints the program's path as its last line.
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from '../pnpm.mjs'

// under the agent, so that the package with the source is found
const out = path.join(root, 'apps/agent/dist/engine-build.js')
await build({
  entryPoints: [path.join(root, 'apps/agent/src/engine/llama-server-command.ts')],
  outfile: out,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
  banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
})
const { engineCommand } = await import(pathToFileURL(out).href)
await engineCommand().parseAsync(['build', ...process.argv.slice(2)], { from: 'user' })

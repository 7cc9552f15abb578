// node tools/bundle.mjs hub|agent|cli: one program as plain JavaScript under its dist/. Native parts stay outside.
import { copyFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { build } from 'esbuild'

const root = path.resolve(import.meta.dirname, '..')
const programs = {
  hub: { main: 'apps/hub/src/main.ts', 'store-thread': 'packages/store/src/thread-worker.ts' },
  agent: {
    main: 'apps/agent/src/main.ts',
    'native-child': 'apps/agent/src/engine/native-child.ts',
    decoder: 'apps/agent/src/audio/decoder.ts',
  },
  cli: { tradewind: 'apps/cli/src/tradewind.ts', dashboard: 'apps/cli/src/up/dashboard.ts' },
}
const name = process.argv[2]
const entries = programs[name]
if (!entries) throw new Error(`usage: node tools/bundle.mjs ${Object.keys(programs).join('|')}`)

/** `import { z } from 'zod'` brings its messages in fifty languages, half a megabyte that each agent would hold. */
const englishOnly = {
  name: 'english-only',
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export { default as en } from './en.js'" }))
  },
}

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
  plugins: [englishOnly],
  // the text of a program stays in memory: without its white space it is a third smaller, and still has its names
  minifyWhitespace: name === 'agent',
  minifySyntax: name === 'agent',
  logLevel: 'warning',
  external: ['better-sqlite3', 'node-llama-cpp', '@fugood/llama.node'],
  banner: {
    js: "import{createRequire as __tradewindRequire}from'node:module';const require=__tradewindRequire(import.meta.url);",
  },
})

// WebAssembly that its loader wants as a file (the other decoders carry theirs in their text)
if (name === 'agent') {
  const agent = createRequire(path.join(root, 'apps/agent/package.json'))
  const wasm = agent.resolve('@humansignal/audio-file-decoder/decode-audio.wasm')
  copyFileSync(wasm, path.join(root, 'apps/agent/dist/decode-audio.wasm'))
  copyFileSync(path.join(root, 'apps/agent/assets/known-clip.wav'), path.join(root, 'apps/agent/dist/known-clip.wav'))
}

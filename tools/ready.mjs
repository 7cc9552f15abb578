// Makes a clean clone ready to run: packages, native parts, the Prisma client, all programs. Does only what is missing,
// so that a second time takes no time. Needs Node and the npm registry, nothing else.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { quietly, root } from './pnpm.mjs'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Tradewind needs Node 20.19 or newer; this is ${process.version}. See https://nodejs.org`)
  process.exit(1)
}

const skipped = new Set([
  'node_modules',
  'dist',
  '.next',
  '.turbo',
  'generated',
  '.git',
  '.tradewind',
  'test',
  'docs',
  'bench',
])
const stampFile = path.join(root, 'node_modules/.tradewind-ready.json')
const outputs = [
  'apps/hub/dist/main.js',
  'apps/agent/dist/main.js',
  'apps/cli/dist/tradewind.js',
  'apps/dashboard/.next/standalone/apps/dashboard/server.js',
  'packages/store/src/generated/migrations.ts',
]

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.has(entry.name)) continue
    const file = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(file)
    else if (!entry.name.endsWith('.test.ts') && entry.name !== 'tsconfig.tsbuildinfo') yield file
  }
}

function hashOf(files) {
  const hash = createHash('sha256')
  for (const file of [...files].sort()) hash.update(`${path.relative(root, file)}\n`).update(readFileSync(file))
  return hash.digest('hex')
}

const readStamp = () => (existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {})
function stamp(part) {
  mkdirSync(path.dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, JSON.stringify({ ...readStamp(), ...part }))
}

const everything = [...filesBelow(root)]
const manifests = everything.filter((file) => /(package\.json|pnpm-(lock|workspace)\.yaml)$/.test(file))
const packages = `${hashOf(manifests)} node-abi-${process.versions.modules} ${process.arch}`
if (readStamp().packages !== packages) {
  await quietly('Installing packages and compiling SQLite (once; one to three minutes)', [
    'install',
    '--frozen-lockfile',
  ])
  stamp({ packages, programs: null })
}

const programs = hashOf(everything)
if (readStamp().programs !== programs || !outputs.every((file) => existsSync(path.join(root, file)))) {
  await quietly('Building hub, agent, CLI and dashboard (once per change; one to two minutes)', [
    'exec',
    'turbo',
    'run',
    'build',
  ])
  stamp({ programs })
}

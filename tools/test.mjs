// npm test: everything, against real parts. Ends with the line "N passed, N failed".
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { aloud, quietly, root } from './pnpm.mjs'

/** Debian packages that some tests need, by the command that shows they are there. */
const debian = {
  chromium: 'chromium',
  mosquitto_pub: 'mosquitto-clients',
  git: 'git',
  cmake: 'cmake',
  make: 'make',
  'c++': 'g++',
}
/** For the engine, which is built once and kept: ten minutes of one core, five and more of two. */
const engineMs = 9 * 60_000

const isThere = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
function installDebian() {
  const missing = Object.entries(debian).filter(([command]) => !isThere(command))
  if (missing.length === 0 || !isThere('apt-get') || process.getuid?.() !== 0) return
  const names = missing.map(([, name]) => name)
  console.log(`- Installing ${names.join(', ')} with apt-get`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...names]
  if (spawnSync(install[0], install.slice(1), { env, stdio: 'ignore' }).status === 0) return
  spawnSync('apt-get', ['update'], { env, stdio: 'ignore' })
  if (spawnSync(install[0], install.slice(1), { env, stdio: 'ignore' }).status !== 0)
    console.log('  apt-get failed: the tests that need them will be skipped')
}

/** Tests that need llama-server are skipped, and named, where it could not be built in time. */
function buildEngine() {
  console.log('- Building llama-server, unless it is there (once; up to nine minutes)')
  const build = [path.join(root, 'tools/engine/build.mjs')]
  const { status } = spawnSync(process.execPath, build, { stdio: 'inherit', timeout: engineMs })
  if (status !== 0) console.log('  not built: the tests that need it will be skipped')
}

installDebian()
buildEngine()
await quietly('Checking format, walls and types', ['exec', 'biome', 'ci', '--colors=off', '.'])
await quietly('Checking types', ['exec', 'turbo', 'run', 'types'])
await quietly('Checking that schema and migrations agree', ['run', 'migration', 'check'])

const folder = mkdtempSync(path.join(tmpdir(), 'tradewind-test-'))
const report = path.join(folder, 'report.json')
await aloud([
  'exec',
  'vitest',
  'run',
  '--root',
  root,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
])
try {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(report, 'utf8'),
  )
  const brokenFiles = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  for (const file of brokenFiles) console.log(`could not be run: ${path.relative(root, file.name)}`)
  for (const file of testResults)
    for (const test of file.assertionResults)
      if (test.status === 'pending' || test.status === 'skipped') console.log(`skipped: ${test.fullName}`)
  const failed = numFailedTests + brokenFiles.length
  console.log(`${numPendingTests + numTodoTests} skipped`)
  console.log(`${numPassedTests} passed, ${failed} failed`)
  process.exitCode = failed > 0 || numPassedTests === 0 ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}

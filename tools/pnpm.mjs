// The pinned pnpm, whether or not one is installed: npx fetches it once from the registry.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '..')
const { packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))

const env = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  CHECKPOINT_DISABLE: '1',
  COREPACK_ENABLE_STRICT: '0',
}

/** Runs pnpm, quietly: a line when it begins, one every ten seconds, and everything it said when it fails. */
export async function quietly(label, args) {
  const began = Date.now()
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`
  console.log(`- ${label}`)
  const timer = setInterval(() => console.log(`  … ${seconds()}`), 10_000)
  const said = []
  const child = spawn('npx', ['-y', packageManager, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.on('data', (text) => said.push(text))
  child.stderr.on('data', (text) => said.push(text))
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      said.push(`${error.message}\n`)
      resolve(1)
    })
    child.on('close', resolve)
  })
  clearInterval(timer)
  if (code !== 0) {
    process.stderr.write(Buffer.concat(said.map((part) => Buffer.from(part))))
    console.error(`\n${label}: failed after ${seconds()} (pnpm ${args.join(' ')})`)
    process.exit(1)
  }
  console.log(`  done in ${seconds()}`)
}

/** Runs pnpm with its output as it comes; resolves to its exit code. */
export function aloud(args) {
  const child = spawn('npx', ['-y', packageManager, ...args], { cwd: root, env, stdio: 'inherit' })
  return new Promise((resolve) => child.on('close', resolve))
}

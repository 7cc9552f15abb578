import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { eventually } from '../../packages/testkit/src/eventually'
import { freePort } from '../../packages/testkit/src/free-port'

const server = path.resolve('apps/dashboard/.next/standalone/apps/dashboard/server.js')

/** The built dashboard as its own process, over the folder of a hub. */
export async function startDashboard(folder: string) {
  if (!existsSync(server)) throw new Error('there is no built dashboard: npm run build')
  const port = await freePort()
  const env = { ...process.env, TRADEWIND_DATA: folder, PORT: String(port), HOSTNAME: '127.0.0.1' }
  const child = spawn(process.execPath, [server], {
    env: { ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const origin = `http://127.0.0.1:${port}`
  await eventually(
    'the dashboard answers',
    () =>
      fetch(`${origin}/api/health`).then(
        ({ ok }) => ok,
        () => false,
      ),
    30_000,
  )
  return {
    origin,
    pid: child.pid ?? 0,
    stop: () => {
      child.kill('SIGTERM')
      return new Promise<void>((resolve) => child.once('exit', () => resolve()))
    },
  }
}

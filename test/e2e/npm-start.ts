import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { eventually, freePort, testFolder } from '@tradewind/testkit'
import type { Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')
const admin = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery' }

/** Opens the link that the start printed, and makes the first account. */
export async function firstAccount(page: Page, link: string) {
  await page.goto(link)
  await page.getByLabel('Your name').fill(admin.name)
  await page.getByLabel('Email').fill(admin.email)
  await page.getByLabel('Password').fill(admin.password)
  await page.getByRole('button', { name: 'Create the first account' }).click()
  await page.waitForURL(({ pathname }) => pathname === '/')
  await page.getByRole('navigation').getByRole('link', { name: 'Devices' }).first().click()
  await page.waitForURL('**/devices')
}

/** All of Tradewind, started as the README says, in a folder of its own. */
export async function npmStart() {
  const port = await freePort()
  const folder = testFolder('first-run')
  const apiPort = await freePort()
  const env = {
    ...process.env,
    TRADEWIND_DATA: folder,
    TRADEWIND_DASHBOARD_PORT: String(port),
    TRADEWIND_API_PORT: String(apiPort),
    TRADEWIND_HTTPS_PORT: String(await freePort()),
    TRADEWIND_MQTTS_PORT: String(await freePort()),
    NODE_ENV: undefined,
  }
  const child = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  onTestFinished(() => end(child, 'SIGKILL'))
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  child.stderr.on('data', (text) => (said += text))
  const link = await eventually(
    'a link for the first account',
    () => {
      if (child.exitCode !== null) throw new Error(`npm start ended:\n${said}`)
      return /http:\/\/\S+\/setup\?code=\S+/.exec(said)?.[0]
    },
    180_000,
  )
  expect(said).toMatch(/hub .*\n.*dashboard .*\n.*agent +this machine is online/)
  return {
    link,
    folder,
    origin: `http://localhost:${port}`,
    /** of the agent that was started with it */
    api: `http://127.0.0.1:${apiPort}`,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      end(child, 'SIGINT')
      await ended
      expect(said).toContain('Stopping')
    },
  }
}

/** As Ctrl-C does: the whole group. */
function end(child: ChildProcess, signal: NodeJS.Signals) {
  try {
    if (child.pid) process.kill(-child.pid, signal)
  } catch {
    // gone already
  }
}

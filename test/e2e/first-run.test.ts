import { type ChildProcess, spawn } from 'node:child_process'
import { hostname } from 'node:os'
import path from 'node:path'
import { eventually, freePort, testFolder } from '@tradewind/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { chromiumPath, openBrowser, shoot } from './browser'

const root = path.resolve(import.meta.dirname, '../..')
const admin = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery' }

describe.skipIf(chromiumPath === null)('the first run, as the README tells it', () => {
  test('npm start, an account, and this machine is there with its facts and a moving chart', async () => {
    const tradewind = await npmStart()
    const browser = await openBrowser()
    const context = await browser.newContext({ viewport: { width: 1440, height: 960 } })
    const page = await context.newPage()
    const foreign = foreignRequests(page)

    await page.goto(`${tradewind.origin}/devices`)
    await page.getByText('npm start').first().waitFor() // nobody gets in without the link
    await page.goto(tradewind.link)
    await page.getByLabel('Your name').fill(admin.name)
    await page.getByLabel('Email').fill(admin.email)
    await page.getByLabel('Password').fill(admin.password)
    await page.getByRole('button', { name: 'Create the first account' }).click()
    await page.waitForURL('**/devices')

    const row = page.getByRole('link', { name: hostname() }).first()
    await row.waitFor()
    await page.getByText('Online').first().waitFor()
    await shoot(page, 'devices-light')
    await row.click()
    await page.waitForURL('**/devices/*')
    await page.getByRole('heading', { name: hostname() }).waitFor()
    await page.getByText('Registered').first().waitFor()
    await page
      .getByText(/not readable|not found on this device/)
      .first()
      .waitFor() // a machine whose every fact can be read has not been met

    const before = await samplesShown(page)
    await eventually('three more samples in the charts', async () => (await samplesShown(page)) >= before + 3, 20_000)
    await page.waitForTimeout(8_000) // for a picture with something in it
    await shootAll(context, page)

    await page.goto(tradewind.link)
    await page.waitForURL(/\/(login|devices)/) // the link works once
    expect(foreign).toEqual([])
    await tradewind.stop()
  }, 240_000)
})

/** How many samples the charts of the page hold, as its data table says. */
async function samplesShown(page: Page): Promise<number> {
  const shown = await page.locator('[data-samples]').first().getAttribute('data-samples')
  return Number(shown)
}

async function shootAll(context: BrowserContext, page: Page) {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.waitForTimeout(500)
    await shoot(page, `device-${scheme}`)
  }
  const phone = await context.newPage()
  await phone.setViewportSize({ width: 390, height: 844 })
  for (const [name, url] of [
    ['device', page.url()],
    ['devices', new URL('/devices', page.url()).href],
  ] as const) {
    await phone.goto(url)
    await phone.getByText(hostname()).first().waitFor()
    await phone.waitForTimeout(2_000)
    await shoot(phone, `${name}-phone`)
  }
  await phone.close()
}

/** Requests to anything but our own dashboard: there must be none. */
function foreignRequests(page: Page): string[] {
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!/^(http:\/\/localhost|data:|blob:)/.test(request.url())) foreign.push(request.url())
  })
  return foreign
}

async function npmStart() {
  const port = await freePort()
  const env = {
    ...process.env,
    TRADEWIND_DATA: testFolder('first-run'),
    TRADEWIND_DASHBOARD_PORT: String(port),
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
    origin: `http://localhost:${port}`,
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

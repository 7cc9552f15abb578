import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { openStore } from '@tradewind/store'
import { eventually } from '@tradewind/testkit'
import type { BrowserContext, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { chromiumPath, openBrowser, shoot } from './browser'
import { firstAccount, npmStart } from './npm-start'

describe.skipIf(chromiumPath === null)('the first run, as the README tells it', () => {
  test('npm start, an account, and this machine is there with its facts and a moving chart', async () => {
    const tradewind = await npmStart()
    const browser = await openBrowser()
    const context = await browser.newContext({ viewport: { width: 1440, height: 960 } })
    const page = await context.newPage()
    const foreign = foreignRequests(page)

    await page.goto(`${tradewind.origin}/devices`)
    await page.getByText('npm start').first().waitFor() // nobody gets in without the link
    await firstAccount(page, tradewind.link)

    const row = page.getByRole('link', { name: hostname() }).first()
    await row.waitFor()
    await page.getByText('Online').first().waitFor()
    await shoot(page, 'devices-light')
    await row.click()
    await page.waitForURL('**/devices/*')
    await page.getByRole('heading', { name: hostname(), level: 1 }).waitFor()
    await page.getByText('Registered').first().waitFor()
    await page
      .getByText(/not readable|not found on this device/)
      .first()
      .waitFor() // a machine whose every fact can be read has not been met

    const before = await samplesShown(page)
    await eventually('three more samples in the charts', async () => (await samplesShown(page)) >= before + 3, 20_000)
    await page.waitForTimeout(8_000) // for a picture with something in it
    await shootAll(context, page)
    await everyRange(page)

    await hearSample(page)
    expect(await curlOfReadme(tradewind.api)).toMatchObject({ text: 'seven two down go', model: 'pocket' })

    await enrol(tradewind.folder, 120)
    await listOfDevices(page, tradewind.origin)

    await page.goto(tradewind.link)
    await page.waitForURL(({ pathname }) => /^\/(login)?$/.test(pathname)) // the link works once
    expect(foreign).toEqual([])
    await tradewind.stop()
  }, 240_000)
})

/** The demo, from the page to this very machine and back. */
async function hearSample(page: Page) {
  await page.getByRole('region', { name: 'Serving' }).getByText('pocket (demo, 48 words)').waitFor()
  const samples = page.locator('select', { hasText: 'seven two down go' })
  await samples.selectOption({ label: 'English: seven two down go' })
  await page.getByRole('button', { name: 'Transcribe' }).click()
  await page.getByText('faster than live').or(page.getByText('slower than live')).waitFor()
  await page.getByText('seven two down go', { exact: true }).waitFor()
  await shoot(page, 'device-heard')
}

/** The line that the README gives, at this test's port. */
async function curlOfReadme(api: string): Promise<unknown> {
  const readme = readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8')
  const line = /^curl (http:\S+) (.*)$/m.exec(readme)
  const [url = '', args = ''] = line?.slice(1) ?? []
  const { stdout } = await run('curl', ['-s', url.replace('http://127.0.0.1:8797', api), ...args.split(' ')])
  return JSON.parse(stdout)
}
const run = promisify(execFile)

/** How many samples the charts of the page hold, as its data table says. */
async function samplesShown(page: Page): Promise<number> {
  const shown = await page.locator('[data-samples]').first().getAttribute('data-samples')
  return Number(shown)
}

/** The presets of the charts: in the URL, by keyboard, back again, and nothing moves. */
async function everyRange(page: Page) {
  const top = () => page.getByRole('figure', { name: 'CPU busy' }).boundingBox()
  for (const [range, link, title] of [
    ['24h', '24 h', 'Last 24 hours'],
    ['7d', '7 d', 'Last 7 days'],
    ['30d', '30 d', 'Last 30 days'],
  ] as const) {
    const preset = page.getByRole('link', { name: link, exact: true })
    await preset.focus() // which brings it into view
    const before = await top()
    await page.keyboard.press('Enter')
    await page.waitForURL(`**?range=${range}`)
    await page.getByRole('heading', { name: title }).waitFor()
    await page.locator(`[data-range="${range}"]`).waitFor()
    expect(await preset.getAttribute('aria-current')).toBe('true')
    await page.getByText('History begins').waitFor() // this machine is minutes old
    expect(await samplesShown(page)).toBeGreaterThanOrEqual(1)
    expect(await top()).toEqual(before)
    await shoot(page, `device-${range}`)
  }
  await page.getByRole('button', { name: 'Show as a table' }).click()
  await page.getByText(/^The newest \d+ spans of 3 h/).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Last 30 days' }).waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'Last 7 days' }).waitFor()

  const chart = new URL(page.url().replace('/devices/', '/api/v1/devices/'))
  chart.pathname += '/chart'
  const answer = await (await page.request.get(chart.href)).json()
  expect(answer).toMatchObject({ range: '7d', bucketMs: 15 * 60_000, figures: { load1: { mean: expect.any(Array) } } })
  expect(answer.atMs.length).toBe(answer.figures.load1.max.length)
  chart.search = '?range=2d'
  const refused = await page.request.get(chart.href)
  expect(refused.status()).toBe(400)
  expect(await refused.json()).toMatchObject({ code: 'bad-request', message: expect.stringContaining('"30d"') })
}

/** Devices that a person approved, and that never connect. */
async function enrol(folder: string, count: number) {
  const store = await openStore(path.join(folder, 'tradewind.db'))
  for (let i = 0; i < count; i++) {
    const claims = { name: `extra-${String(i).padStart(3, '0')}`, agentVersion: '0', hints: {} }
    const thumbprint = randomBytes(32).toString('base64url')
    await store.enrol({ publicKey: `key ${i}`, thumbprint, claims, address: '127.0.0.1' })
    const { parked } = await store.pageOfParked({ refused: false, offset: 0, limit: 1 })
    await store.approveParked(parked[0]?.fingerprint ?? '', 'test')
  }
  await store.close()
}

/** More devices than a screen holds: only those in sight are drawn, and all of the view is in the URL. */
async function listOfDevices(page: Page, origin: string) {
  const table = page.getByRole('table', { name: 'Devices' })
  const names = table.getByRole('link')
  await page.goto(`${origin}/devices`)
  await page.getByText('121 devices, needs attention first').waitFor()
  expect(await names.first().textContent()).toBe('extra-000') // never seen, before this machine, which is online
  expect(await names.count()).toBeLessThan(60)
  await page.keyboard.press('End')
  await eventually('the last of them', async () => (await names.last().textContent()) === hostname())

  await page.keyboard.press('/')
  await page.keyboard.type('EXTRA 11')
  await page.waitForURL('**/devices?q=EXTRA+11')
  await page.getByText(/^11 devices/).waitFor() // 011, and 110 to 119
  await page.getByRole('button', { name: 'Name', exact: true }).click()
  await page.getByRole('button', { name: 'Name', exact: true }).click()
  await page.waitForURL('**/devices?q=EXTRA+11&sort=-name')
  await eventually('the last name first', async () => (await names.first().textContent()) === 'extra-119')
  await page.reload()
  expect(await page.getByLabel('Filter by name').inputValue()).toBe('EXTRA 11')
  await page.goto(`${origin}/devices?presence=online`)
  await eventually('this machine alone', async () => (await names.allTextContents()).join() === hostname())
  await page.getByRole('button', { name: 'Never seen 120' }).waitFor()
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

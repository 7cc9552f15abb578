import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { explainProblem, meaningOf } from '@tradewind/fleet'
import type { Facts } from '@tradewind/protocol'
import { openSeedStore, openStore } from '@tradewind/store'
import { eventually, resolvedBuilds, VirtualDevice } from '@tradewind/testkit'
import type { Browser, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { expectAccessible, faultsOf } from './axe'
import { chromiumPath, openBrowser, shoot } from './browser'
import { firstAccount, npmStart } from './npm-start'

const pi5: Facts = {
  cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: ['asimddp'] },
  memory: { totalBytes: 8.45e9 },
  board: { model: 'Raspberry Pi 5 Model B Rev 1.0' },
  storage: { path: '/', totalBytes: 250e9, freeBytes: 100e9 },
}
const starved: Facts = {
  ...pi5,
  power: { supplyVolts: 4.52 },
  throttling: { now: ['undervoltage', 'throttled'], sinceBoot: ['undervoltage', 'throttled'] },
}
const tills = ['till 1', 'till 2', 'till 3', 'till 4']
const viewer = { name: 'Vera', email: 'vera@example.com', password: 'only here to look', role: 'viewer' as const }

describe.skipIf(chromiumPath === null)('a day of an operator', () => {
  test('the failing device is found; a label is assigned to, rolled out and back; devices are let in; a viewer looks on', async () => {
    const tradewind = await npmStart()
    const browser = await openBrowser()
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 1000 } })).newPage()
    page.setDefaultTimeout(60_000)
    await firstAccount(page, tradewind.link)
    const { origin, folder } = tradewind
    const fleet = await tillsOf(folder)

    const [first] = fleet as [VirtualDevice, ...VirtualDevice[]]
    try {
      await findTheFailing(page, origin, fleet)
      const workload = await assignToLabel(page, origin)
      await changeAndRollBack(page, origin, workload, fleet)
      await tryFile(page, origin, first)
      await enrolOne(page, origin)
      await approveOne(page, origin, folder)
      await everyPage(page, origin, first)
    } catch (error) {
      await shoot(page, 'operator-failed')
      throw error
    }
    await lookOn(browser, origin, first, folder)
    await tradewind.stop()
  }, 600_000)
})

/** Devices of one shop, connected; the last of them has too few volts. */
async function tillsOf(folder: string): Promise<VirtualDevice[]> {
  const store = await openStore(path.join(folder, 'tradewind.db'))
  await store.setCatalogue(resolvedBuilds, 'test')
  const fleet: VirtualDevice[] = []
  for (const name of tills) {
    const { text } = await store.createEnrolToken({ note: name, lifeMs: 60_000, actor: 'test' })
    const device = await VirtualDevice.enrol(text, undefined, name)
    await store.setLabels(device.id, { site: 'lyon', role: 'till' }, 'test')
    device.seek()
    await device.connect()
    await device.tellFacts(name === tills.at(-1) ? starved : pi5)
    fleet.push(device)
  }
  await store.close()
  return fleet
}

/** From the first page, by what it says, to the device and why. */
async function findTheFailing(page: Page, origin: string, fleet: VirtualDevice[]) {
  const failing = fleet.at(-1) as VirtualDevice
  const now = { severity: 'critical' as const, about: null, sinceMs: Date.now(), numbers: { now: 1 } }
  const { title } = explainProblem({ code: 'undervoltage', ...now })
  const isKnown = async () => (await (await page.request.get(`${origin}/api/v1/problems`)).text()).includes(failing.id)
  await eventually('the hub knows', isKnown, 60_000)
  await page.goto(`${origin}/`)
  await page.getByRole('heading', { name: 'Needs attention' }).waitFor()
  const item = page.getByRole('link', { name: `${meaningOf('undervoltage').name}: till 4` })
  await item.waitFor()
  await shoot(page, 'overview')
  await item.click()
  await page.waitForURL(`**/devices/${failing.id}`)
  await page.getByRole('heading', { level: 1, name: 'till 4' }).waitFor()
  await page.getByText(title).first().waitFor()
  await shoot(page, 'device-undervoltage')
}

/** What they are for, which of them, what would happen, and only then that it happens. */
async function assignToLabel(page: Page, origin: string): Promise<string> {
  await page.goto(`${origin}/assign`)
  await page.getByRole('button', { name: 'Transcription' }).click()
  await page.getByLabel('Its name').fill('shop-calls')
  await page.getByLabel('With labels').selectOption('site=lyon')
  await page.getByText('of 4 devices change').waitFor()
  await page.getByText('test-e2b', { exact: true }).first().waitFor()
  await withoutSoak(page)
  await shoot(page, 'assign-preview')
  await page.getByRole('button', { name: 'Make and start' }).click()
  const question = page.getByRole('alertdialog', { name: 'Change 4 devices?' })
  await question.getByText('4 devices change, 0 stay').waitFor()
  await expectAccessible(page)
  await question.getByRole('button', { name: 'Make and start' }).click()
  await page.waitForURL('**/rollouts/*')
  await page.getByText('of 4 devices have succeeded').waitFor()
  await shown(page, 'Done')
  return 'shop-calls'
}

/** The fast way through: a device counts as soon as it serves. */
async function withoutSoak(page: Page) {
  await page.getByText('Waves, gates, limits and window').click()
  await page.getByLabel('Soak, minutes').fill('0')
  await page.getByLabel('At the same time').fill('100 %')
}

/** Another build, which one device does not survive: the rollout stops by itself, and a person takes it back. */
async function changeAndRollBack(page: Page, origin: string, workload: string, fleet: VirtualDevice[]) {
  for (const device of fleet) device.seek().script = 'fail-smoke'
  await page.goto(`${origin}/assign`)
  await page.getByRole('radio', { name: /^Change a workload/ }).click()
  await page.getByLabel('Workload', { exact: true }).selectOption(workload)
  await page.getByText('What else is asked').click()
  await page.getByLabel('Pinned build').selectOption('test-e2b-lean')
  await page.getByText('of 4 devices change').waitFor()
  await withoutSoak(page)
  await page.getByRole('button', { name: 'Change and start' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Change and start' }).click()
  await page.waitForURL('**/rollouts/*')
  await shown(page, 'Paused')
  await page.getByText('Nobody else is told.').waitFor()
  await shoot(page, 'rollout-paused')
  await expectAccessible(page)

  for (const device of fleet) device.seek().script = 'succeed'
  await page.getByRole('button', { name: 'Roll back' }).click()
  const question = page.getByRole('alertdialog', { name: 'Give devices back what they had?' })
  await question.getByRole('button', { name: 'Roll back' }).click()
  await shown(page, 'Rolled back')
  await shoot(page, 'rollout-rolled-back')
  await eventually('all serve what they had', () => fleet.every(({ seeker }) => seeker?.loads.at(-1) === 'test-e2b'))
}

/** Without looking again: pages follow by themselves. */
const shown = (page: Page, words: string) => page.getByText(words, { exact: true }).first().waitFor({ timeout: 60_000 })

async function tryFile(page: Page, origin: string, device: VirtualDevice) {
  device.hear = async () => ({
    ...{ text: 'two coffees and a croissant', language: 'fr', audioSeconds: 2.1, queueMs: 3, engineMs: 600 },
    ...{ totalMs: 640, segments: [{ start: 0, end: 2.1, text: 'two coffees and a croissant' }] },
    ...{ build: 'test-e2b', demo: true },
  })
  await page.goto(`${origin}/devices/${device.id}`)
  await page.getByText('Live', { exact: true }).first().waitFor() // a file that is chosen before the page is at work is not seen
  const file = { name: 'an order.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(60_000, 3) }
  await page.getByLabel('Choose a file').setInputFiles(file)
  await page.getByRole('button', { name: 'Transcribe' }).click()
  await page.getByText('two coffees and a croissant', { exact: true }).first().waitFor()
}

/** The token that the page shows is all that a device needs, and the page sees it come. */
async function enrolOne(page: Page, origin: string) {
  await page.goto(`${origin}/add`)
  await page.getByLabel('Note').fill('the new till')
  await page.getByRole('button', { name: 'Make a token' }).click()
  const token = await eventually(
    'a token',
    async () => /tw1_[\w-]+/.exec((await page.locator('main').textContent()) ?? '')?.[0],
  )
  const device = await VirtualDevice.enrol(token, undefined, 'till 5')
  await device.connect()
  await page.getByRole('link', { name: 'till 5' }).first().waitFor()
}

async function approveOne(page: Page, origin: string, folder: string) {
  const store = await openStore(path.join(folder, 'tradewind.db'))
  const thumbprint = randomBytes(32).toString('base64url')
  const claims = { name: 'raspberrypi', agentVersion: '0.1.0', hints: {} }
  await store.enrol({ publicKey: `key ${thumbprint}`, thumbprint, claims, address: '127.0.0.1' })
  const [parked] = await store.listParked()
  await store.close()
  await page.goto(`${origin}/devices`)
  await page
    .getByText(parked?.fingerprint ?? 'a fingerprint')
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Approve' }).first().click()
  const question = page.getByRole('alertdialog', { name: 'Approve raspberrypi?' })
  await question
    .getByText(parked?.fingerprint ?? 'a fingerprint')
    .first()
    .waitFor()
  await question.getByRole('button', { name: 'Approve' }).click()
  await page.getByRole('link', { name: 'raspberrypi' }).first().waitFor()
}

/** axe-core, on each page as it stands now, light and dark. */
async function everyPage(page: Page, origin: string, device: VirtualDevice) {
  const faults: string[] = []
  for (const [address, heading] of pages(device)) {
    await page.goto(`${origin}${address}`)
    await page.getByRole('heading', { level: 1, name: heading }).waitFor()
    faults.push(...(await faultsOf(page)))
  }
  expect(faults).toEqual([])
}

const pages = ({ id }: VirtualDevice): [address: string, heading: string | RegExp][] => [
  ['/', 'Overview'],
  ['/devices', 'Devices'],
  [`/devices/${id}`, 'till 1'],
  ['/assign', 'Assign'],
  ['/workloads', 'Workloads'],
  ['/rollouts', 'Rollouts'],
  ['/proposals', 'Proposals'],
  ['/problems', 'Problems'],
  ['/add', 'Add a device'],
  ['/audit', 'Audit'],
  ['/settings', 'Settings'],
]

/** Sees all that the others see, is offered nothing that changes anything, and is refused by the API as well. */
async function lookOn(browser: Browser, origin: string, device: VirtualDevice, folder: string) {
  const store = await openSeedStore(path.join(folder, 'tradewind.db'))
  await store.addPerson(viewer, 'test')
  await store.close()
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 1000 } })).newPage()
  await page.goto(`${origin}/login`)
  await expectAccessible(page)
  await page.getByLabel('Email').fill(viewer.email)
  await page.getByLabel('Password').fill(viewer.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => url.pathname !== '/login')

  await page.goto(`${origin}/devices/${device.id}`)
  await page.getByRole('heading', { level: 1, name: 'till 1' }).waitFor()
  for (const name of [/^revoke/i, /^restart/i, /^rename/i, /^transcribe/i])
    expect(await page.getByRole('button', { name }).filter({ visible: true }).count(), String(name)).toBe(0)
  await page.goto(`${origin}/add`)
  await page.getByText('Your role is viewer.').waitFor()
  expect(await page.getByRole('button', { name: 'Make a token' }).count()).toBe(0)
  await page.goto(`${origin}/assign`)
  await page.getByRole('heading', { level: 1, name: 'Assign' }).waitFor()
  expect(await page.getByRole('button', { name: /start$/ }).count()).toBe(0)

  const post = (address: string, data: object) => page.request.post(`${origin}/api/v1${address}`, { data })
  for (const [address, data] of [
    ['/enrol-tokens', { note: 'mine', lifeHours: 1 }],
    [`/devices/${device.id}/revoke`, {}],
    ['/workloads', { id: 'mine', useCases: ['code'], context: 4096 }],
  ] as const) {
    const reply = await post(address, data)
    expect([address, reply.status()]).toEqual([address, 403])
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Hear } from '@tradewind/agent/trial/trials'
import { type Heard, mostClipBytes, type Serving } from '@tradewind/protocol'
import { openStore } from '@tradewind/store'
import { eventually, VirtualDevice } from '@tradewind/testkit'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { chromiumPath, openBrowser, shoot } from './browser'
import { firstAccount, npmStart } from './npm-start'

const name = 'till-7-front-desk'
const engine = { name: 'llama.node', version: '1.7.15', commit: null }
const deviceClass = 'v1:0123456789abcdef'
const serving: Serving = {
  build: 'pocket-f16',
  label: 'pocket (demo, 48 words)',
  demo: true,
  state: 'ready',
  since: Date.now() - 60_000,
  engine,
  failure: null,
}
const heard: Heard = {
  text: 'seven two down go',
  translation: 'siete dos abajo vamos',
  language: 'en',
  audioSeconds: 2.1,
  queueMs: 12,
  engineMs: 640,
  totalMs: 690,
  segments: [
    { start: 0, end: 1.2, text: 'seven two' },
    { start: 1.2, end: 2.1, text: 'down go' },
  ],
  build: 'pocket-f16',
  demo: true,
}
const sample = readFileSync(path.resolve(import.meta.dirname, '../fixtures/pocket/samples/en-0.wav'))

describe.skipIf(chromiumPath === null)('trying a device from its page', () => {
  test('sample, file and microphone reach that device; refusals, cancelling and a lost hub each say what to do', async () => {
    const tradewind = await npmStart()
    const browser = await openBrowser()
    const context = await browser.newContext({ viewport: { width: 1440, height: 1100 } })
    const page = await context.newPage()
    await firstAccount(page, tradewind.link)
    const { device, apiToken } = await demoDevice(tradewind.folder)
    const script = new Script()
    device.hear = script.hear

    await page.goto(`${tradewind.origin}/devices/${device.id}`)
    const tryIt = page.getByRole('region', { name: 'Try it' })
    await tryIt.getByText(`What ${name} hears in your clip appears here`).waitFor()
    await page.getByRole('region', { name: 'Serving' }).getByText('pocket (demo, 48 words)').waitFor()
    const measured = page.getByRole('region', { name: 'Measured here' })
    await measured.getByText('11.8 tokens/s').waitFor()
    await measured.getByText('predicted').first().waitFor()
    await shootAll(page, 'try-empty')

    await aSample(page, script)
    await aFile(page, script)
    await aRecording(page, script)
    await cancelled(page, script)
    await throughTheApi(tradewind.origin, device.id, apiToken, script)
    await withoutMicrophone(page)
    await theHubGoesAway(page, script, tradewind.folder)

    await eventually(
      'it is back',
      () =>
        device.connect().then(
          () => true,
          () => false,
        ),
      30_000,
    )
    await device.say('disconnected')
    await device.session?.end()
    await tryIt.getByText(`Possible while ${name} is online.`).waitFor()
    await shoot(page, 'try-offline')
    await tradewind.stop()
  }, 300_000)
})

/** Answers when it is told to, with what it is told. */
class Script {
  clips: Buffer[] = []
  wishes: object[] = []
  stopped = 0
  answer: (said: Awaited<ReturnType<Hear>>) => void = () => {}
  hear: Hear = (clip, wish, signal) => {
    this.clips.push(clip)
    this.wishes.push(wish)
    return new Promise((resolve, reject) => {
      this.answer = resolve
      signal.addEventListener('abort', () => {
        this.stopped++
        reject(new Error('aborted'))
      })
    })
  }

  async asked(times: number) {
    await eventually(`clip ${times} is heard`, () => this.clips.length === times)
  }
}

/** A device that serves the demo's model, and a key of an operator. */
async function demoDevice(folder: string) {
  const store = await openStore(path.join(folder, 'tradewind.db'))
  const { text } = await store.createEnrolToken({ note: 'test', lifeMs: 60_000, actor: 'test' })
  const apiToken = (await store.createApiToken({ name: 'ci', role: 'operator', actor: 'test' })).secret
  await store.close()
  const device = await VirtualDevice.enrol(text, undefined, name)
  const session = await device.connect()
  const facts = {
    cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, physicalCores: 4, features: ['asimddp'] },
    memory: { totalBytes: 8_448_409_600, bandwidthBytesPerSecond: 12.5e9 },
    board: { model: 'Raspberry Pi 5 Model B Rev 1.0' },
  }
  await session.publish('capability', { at: Date.now(), agentVersion: '0.1.0', deviceClass, facts, unreadable: [] })
  await session.publish('reported', { at: Date.now(), revisionSeen: 0, revisionApplied: 0, failure: null, serving })
  const figures = { loadMs: 8_400, residentBytes: 5_100_000_000, estimatedBytes: 4_900_000_000 }
  const speeds = { promptPerSecond: 74, generationPerSecond: 11.8, realTimeFactor: 1.4 }
  const heat = { temperatureBeforeC: 51.5, temperatureAfterC: 67.2 }
  const one = { build: 'e2b-q8_0', at: Date.now() - 3_600_000, deviceClass, engine, ...figures, ...speeds, ...heat }
  await session.publish('measured', { builds: [one] })
  return { device, apiToken }
}

async function aSample(page: Page, script: Script) {
  await page.getByLabel('Sample clip of the demo').selectOption({ label: 'English: seven two down go' })
  await page.getByLabel('Translate into').selectOption('es')
  await page.getByRole('button', { name: 'Translate' }).click()
  await script.asked(1)
  await page.getByText(`${name} is listening`).waitFor()
  await shoot(page, 'try-waiting')
  script.answer(heard)
  await page.getByText('siete dos abajo vamos').waitFor()
  await page.getByText('Real-time factor 0.30, faster than live').waitFor()
  await page.getByText('Spoken in the clip: “seven two down go”.').waitFor()
  expect(script.clips[0]?.equals(sample)).toBe(true)
  expect(script.wishes[0]).toEqual({ language: 'en', targetLanguage: 'es' })
  await shootAll(page, 'try-heard')
}

async function aFile(page: Page, script: Script) {
  const file = { name: 'a call from the warehouse.flac', mimeType: 'audio/flac', buffer: Buffer.alloc(400_000, 7) }
  await page.getByLabel('Choose a file').setInputFiles(file)
  await page.getByText('391 KiB').waitFor()
  await page.getByLabel('Translate into').selectOption('')
  await page.getByRole('button', { name: 'Transcribe' }).click()
  await script.asked(2)
  script.answer({ code: 'busy', message: 'others wait', retryAfterSeconds: 40 })
  await page.getByText('It expects room in about 40 s.').waitFor()
  await shoot(page, 'try-refused')
  expect(script.clips[1]?.equals(file.buffer)).toBe(true)
}

async function aRecording(page: Page, script: Script) {
  await page.getByRole('button', { name: 'Record' }).click()
  const stop = page.getByRole('button', { name: /^Stop/ })
  await stop.waitFor()
  await page.waitForTimeout(1_200)
  await stop.click()
  await page.getByText('Your recording').waitFor()
  await page.getByRole('button', { name: 'Transcribe' }).click()
  await script.asked(3)
  script.answer({ ...heard, text: '', segments: [] })
  await page.getByText('No speech was heard.').waitFor()
  expect(script.clips[2]?.subarray(0, 4).toString('hex')).toBe('1a45dfa3') // webm
}

async function cancelled(page: Page, script: Script) {
  await page.getByRole('button', { name: 'Transcribe' }).click()
  await script.asked(4)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByText('appears here').waitFor()
  await eventually('the device stopped', () => script.stopped === 1)
}

async function throughTheApi(origin: string, id: string, apiToken: string, script: Script) {
  const post = async (path: string, body: Buffer) => {
    const headers = { authorization: `Bearer ${apiToken}` }
    const reply = await fetch(`${origin}/api/v1/devices/${path}`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    })
    return { status: reply.status, again: reply.headers.get('retry-after'), json: await reply.json() }
  }
  const trying = post(`${id}/try?language=es`, sample)
  await script.asked(5)
  script.answer({ ...heard, language: 'es' })
  expect(await trying).toMatchObject({ status: 200, json: { heard: { text: heard.text }, clipBytes: sample.length } })

  const busy = post(`${id}/try?language=es`, sample)
  await script.asked(6)
  script.answer({ code: 'busy', message: 'others wait', retryAfterSeconds: 40 })
  expect(await busy).toMatchObject({ status: 429, again: '40', json: { code: 'busy' } })

  const largest = Buffer.alloc(mostClipBytes, 5)
  const long = post(`${id}/try?language=es`, largest)
  await script.asked(7)
  expect(script.clips[6]?.equals(largest)).toBe(true)
  script.answer(heard)
  expect((await long).status).toBe(200)
  const tooLarge = await post(`${id}/try?language=es`, Buffer.alloc(mostClipBytes + 1))
  expect(tooLarge).toMatchObject({ status: 413, json: { code: 'too-large' } })

  const small = Buffer.from('small')
  expect(await post(`${id}/try?language=tlh`, small)).toMatchObject({ status: 400, json: { code: 'language-unknown' } })
  expect(await post(`${id}/try`, small)).toMatchObject({ status: 400, json: { code: 'bad-request' } })
  expect(await post('nosuchdevice/try?language=es', small)).toMatchObject({ status: 404 })
  const known = await fetch(`${origin}/api/v1/devices/${id}`, { headers: { authorization: `Bearer ${apiToken}` } })
  expect(await known.json()).toMatchObject({ serving: { demo: true }, measured: [{ generationPerSecond: 11.8 }] })
}

/** As over plain HTTP from another machine. */
async function withoutMicrophone(page: Page) {
  const elsewhere = await page.context().newPage()
  await elsewhere.addInitScript(() => Object.defineProperty(navigator, 'mediaDevices', { value: undefined }))
  await elsewhere.goto(page.url())
  await elsewhere.getByText('Your browser gives the microphone only to pages over HTTPS or from localhost.').waitFor()
  expect(await elsewhere.getByRole('button', { name: 'Record' }).isDisabled()).toBe(true)
  await elsewhere.close()
}

/** kill -9, as the kernel does it when memory runs out. */
async function theHubGoesAway(page: Page, script: Script, folder: string) {
  await page.getByRole('button', { name: 'Transcribe' }).click()
  await script.asked(8)
  for (const pid of hubsOf(folder)) process.kill(pid, 'SIGKILL')
  await page.getByText('The hub went away while the device listened.').waitFor()
  await page.getByText('Nothing of the clip was kept.').waitFor()
  await eventually('the device stopped', () => script.stopped === 2)
}

/** The hub that this test's `npm start` runs, and no other. */
const hubsOf = (folder: string) =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && said(pid, 'cmdline').includes('hub/dist/main.js'))
    .filter((pid) => said(pid, 'environ').includes(`TRADEWIND_DATA=${folder}\0`))
    .map(Number)

function said(pid: string, what: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'latin1')
  } catch {
    return ''
  }
}

async function shootAll(page: Page, title: string) {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.waitForTimeout(400)
    await page.getByRole('region', { name: 'Try it' }).scrollIntoViewIfNeeded()
    await shoot(page, `${title}-${scheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  const size = page.viewportSize()
  await page.setViewportSize({ width: 390, height: 844 })
  await page.getByRole('region', { name: 'Try it' }).scrollIntoViewIfNeeded()
  await page.waitForTimeout(400)
  await shoot(page, `${title}-phone`)
  if (size) await page.setViewportSize(size)
}

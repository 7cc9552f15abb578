import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Hear } from '@tradewind/agent/trial/trials'
import type { Heard, TrialReply } from '@tradewind/protocol'
import { eventually, type TestHub, testHub, VirtualDevice } from '@tradewind/testkit'
import pino from 'pino'
import { describe, expect, test } from 'vitest'

const secretWords = 'xylophone quixotic zephyr'
const heard: Heard = {
  text: secretWords,
  language: 'en',
  audioSeconds: 1.5,
  queueMs: 3,
  engineMs: 100,
  totalMs: 120,
  segments: [{ start: 0, end: 1.5, text: secretWords }],
  build: 'pocket-f16',
  demo: true,
}
const clip = Buffer.from(`RIFF ${'what somebody said '.repeat(2_000)}`)

type Sent = { body?: Buffer; query?: Record<string, string>; signal?: AbortSignal }

async function tryIt(hub: TestHub, deviceId: string, { body = clip, query = {}, signal }: Sent = {}) {
  const { port, secret } = JSON.parse(readFileSync(`${hub.folder}/hub.local.json`, 'utf8'))
  const search = new URLSearchParams({ deviceId, actor: 'user:ada@example.com', language: 'en', ...query })
  const reply = await fetch(`http://127.0.0.1:${port}/try?${search}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
    body: new Uint8Array(body),
    signal,
  })
  return { status: reply.status, json: (await reply.json()) as Record<string, unknown> }
}

async function withDevice(hear: Hear, options: Parameters<typeof testHub>[0] = {}) {
  const hub = await testHub(options)
  const device = await VirtualDevice.enrol(await hub.token())
  device.hear = hear
  await device.connect()
  return { hub, device }
}

/** Where the device was told to fetch the clip. */
const askedFor = (device: VirtualDevice) =>
  device.heard
    .filter(({ leaf }) => leaf === 'ask')
    .map(({ body }) => (body as { question: { kind: string; clip?: { path: string; bytes: number } } }).question)

/** A hear that goes on until it is told to stop, and remembers whether it was. */
function endless() {
  const told = { begun: false, stopped: false }
  const hear: Hear = (_clip, _wish, signal) =>
    new Promise((_, reject) => {
      told.begun = true
      signal.addEventListener('abort', () => {
        told.stopped = true
        reject(signal.reason)
      })
    })
  return { hear, told }
}

describe('a person tries a device', () => {
  test('which hears exactly the bytes that were sent, in the wished languages, and answers with what it took', async () => {
    const got: { clip?: Buffer; wish?: object } = {}
    const { hub, device } = await withDevice(async (clip, wish) => {
      Object.assign(got, { clip, wish })
      return { ...heard, translation: 'xilófono' }
    })
    const { status, json } = await tryIt(hub, device.id, { query: { language: 'en', targetLanguage: 'es' } })
    expect(status).toBe(200)
    expect(got.clip?.equals(clip)).toBe(true)
    expect(got.wish).toEqual({ language: 'en', targetLanguage: 'es' })
    const reply = json as TrialReply
    expect(reply.heard).toEqual({ ...heard, translation: 'xilófono', cut: false })
    expect(reply.clipBytes).toBe(clip.length)
    expect(reply.uploadMs).toBeGreaterThanOrEqual(0)
    expect(reply.deviceMs).toBeGreaterThanOrEqual(0)
  })

  test('and a transcript beyond one message arrives cut, and says so', async () => {
    const { hub, device } = await withDevice(async () => ({ ...heard, text: 'seven two '.repeat(20_000) }))
    const { json } = await tryIt(hub, device.id)
    expect(json).toMatchObject({ heard: { cut: true, text: expect.stringMatching(/^seven two .*\[…\]$/) } })
  })

  test('the audit says who, which device and how many bytes, and nothing else', async () => {
    const { hub, device } = await withDevice(async () => heard)
    await tryIt(hub, device.id)
    const [entry] = (await hub.store.listAudit()).filter(({ action }) => action === 'device-tried')
    expect(entry).toEqual({
      id: expect.any(String),
      atMs: expect.any(Number),
      actor: 'user:ada@example.com',
      action: 'device-tried',
      target: device.id,
      detail: { bytes: clip.length },
    })
  })
})

describe('refused by code', () => {
  test.each([
    ['not-serving', 409, { code: 'not-serving', message: 'nothing' }, {}],
    ['busy', 429, { code: 'busy', message: 'full', retryAfterSeconds: 7 }, { retryAfterSeconds: 7 }],
    ['language-unknown', 400, { code: 'language-unknown', message: 'no' }, {}],
    [
      'not-heard',
      422,
      { code: 'not-audio', message: 'no sound in it' },
      { code: 'not-audio', detail: 'no sound in it' },
    ],
  ])('what the device says: %s', async (code, status, refusal, detail) => {
    const { hub, device } = await withDevice(async () => refusal)
    expect(await tryIt(hub, device.id)).toMatchObject({
      status,
      json: { code, message: expect.stringMatching(/\.$/), next: expect.stringMatching(/\.$/), detail },
    })
  })

  test('a device that fails while it listens', async () => {
    const { hub, device } = await withDevice(() =>
      Promise.reject(Object.assign(new Error(secretWords), { code: 'engine-lost' })),
    )
    const { status, json } = await tryIt(hub, device.id)
    expect([status, json.code]).toEqual([422, 'not-heard'])
    expect(json.detail).toMatchObject({ code: 'engine-lost' })
    expect(JSON.stringify(json)).not.toContain(secretWords)
  })

  test('a device that is not there, and it is not written down as tried', async () => {
    const hub = await testHub()
    const device = await VirtualDevice.enrol(await hub.token())
    expect(await tryIt(hub, device.id)).toMatchObject({ status: 503, json: { code: 'device-unreachable' } })
    expect((await hub.store.listAudit()).map(({ action }) => action)).not.toContain('device-tried')
  })

  test('a clip beyond 25 MiB, an empty one, a language that is none', async () => {
    const { hub, device } = await withDevice(async () => heard)
    const tooLarge = await tryIt(hub, device.id, { body: Buffer.alloc(25 * 1024 * 1024 + 1) })
    expect(tooLarge).toMatchObject({ status: 413, json: { code: 'too-large' } })
    expect(await tryIt(hub, device.id, { body: Buffer.alloc(0) })).toMatchObject({ status: 400 })
    expect(await tryIt(hub, device.id, { query: { language: 'Spanish!' } })).toMatchObject({ status: 400 })
    expect(askedFor(device)).toEqual([])
  })

  test('a third clip while two are heard', async () => {
    const { hear } = endless()
    const { hub, device } = await withDevice(hear)
    const going = new AbortController()
    const two = [0, 1].map(() => tryIt(hub, device.id, { signal: going.signal }).catch(() => {}))
    await eventually('both asked', () => askedFor(device).length === 2)
    expect(await tryIt(hub, device.id)).toMatchObject({ status: 429, json: { code: 'busy' } })
    going.abort()
    await Promise.all(two)
  })
})

describe('the clip', () => {
  test('is for the asked device alone, and for it once', async () => {
    const { hear } = endless()
    const { hub, device } = await withDevice(hear)
    const stranger = await VirtualDevice.enrol(await hub.token())
    const fetchByDevice = device.fetch.bind(device)
    const statuses: number[] = []
    device.fetch = async (clip) => {
      statuses.push((await stranger.fetch(clip)).status)
      const reply = await fetchByDevice(clip)
      statuses.push(reply.status, (await fetchByDevice(clip)).status)
      return reply
    }
    const going = new AbortController()
    const trying = tryIt(hub, device.id, { signal: going.signal }).catch(() => {})
    await eventually('fetched', () => statuses.length === 3)
    expect(statuses).toEqual([410, 200, 410])
    going.abort()
    await trying
  })

  test('that is not what was announced is not heard', async () => {
    let wasHeard = false
    const { hub, device } = await withDevice(async () => {
      wasHeard = true
      return heard
    })
    const fetchByDevice = device.fetch.bind(device)
    device.fetch = async (clip) => ({ ...(await fetchByDevice(clip)), body: Buffer.alloc(clip.bytes) })
    expect(await tryIt(hub, device.id)).toMatchObject({ status: 422, json: { detail: { code: 'clip-damaged' } } })
    expect(wasHeard).toBe(false)
  })
})

describe('whoever is no longer there', () => {
  test('a person who cancels: the device stops listening', async () => {
    const { hear, told } = endless()
    const { hub, device } = await withDevice(hear)
    const going = new AbortController()
    const trying = tryIt(hub, device.id, { signal: going.signal }).catch((error: Error) => error.name)
    await eventually('it listens', () => told.begun)
    going.abort()
    expect(await trying).toBe('AbortError')
    await eventually('it stopped', () => told.stopped)
    expect(askedFor(device).map(({ kind }) => kind)).toEqual(['try', 'cancel'])
  })

  test('a device whose plug is pulled: the person is told at once', async () => {
    const { hear, told } = endless()
    const { hub, device } = await withDevice(hear)
    const trying = tryIt(hub, device.id)
    await eventually('it listens', () => told.begun)
    device.session?.drop()
    expect(await trying).toMatchObject({ status: 503, json: { code: 'device-unreachable' } })
    await eventually('it stopped', () => told.stopped)
  })
})

test('nothing of what was said or heard is in the database, in the log or anywhere on the disk', async () => {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line) => void lines.push(line) })
  const { hub, device } = await withDevice(async () => heard, { log })
  expect((await tryIt(hub, device.id)).status).toBe(200)
  device.hear = () => Promise.reject(new Error(secretWords))
  await tryIt(hub, device.id)
  await device.connect({ password: 'wrong' }).catch(() => {}) // something that is logged
  await hub.close()
  const kept = [lines.join(), ...filesBelow(hub.folder).map((file) => readFileSync(file, 'latin1'))].join()
  expect(lines.length).toBeGreaterThan(0)
  expect(kept).toContain('device-tried') // it is the right place to look
  for (const secret of ['xylophone', 'what somebody said']) expect(kept).not.toContain(secret)
})

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))

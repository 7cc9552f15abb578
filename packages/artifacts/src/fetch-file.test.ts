import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Fault, FaultySource, freePort, testFolder } from '@tradewind/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fileOf, someBytes } from './example'
import { type Clock, type Fetching, fetchFile, fetchLimits } from './fetch-file'
import { HttpSource } from './http-source'
import type { Source } from './source'
import { ArtifactError, type Trouble } from './trouble'

const content = someBytes(1_000_003)
const file = fileOf('model.gguf', content)
const partBytes = 100_000
const limits = { ...fetchLimits, partBytes, batchBytes: 20_000 }

/** Time that passes by being slept through. */
function sleptClock(): Clock & { slept: number[] } {
  const slept: number[] = []
  return { slept, sleep: async (ms) => void slept.push(ms), nowMs: () => 0, random: () => 1 }
}

async function faulty(fault: FaultySource['fault'] = () => undefined, bytes = content) {
  const server = await FaultySource.start({ 'model.gguf': bytes })
  server.fault = fault
  const source = new HttpSource(
    { name: server.url, urlOf: ({ path }) => `${server.url}/${path}` },
    { idleMs: 300, connections: 4 },
  )
  onTestFinished(async () => {
    await source.close()
    await server.stop()
  })
  return { server, source }
}

type Outcome = { folder: string; trouble: Trouble | null; slept: number[]; counted: number }
async function fetched(
  sources: Source[],
  folder = testFolder('fetch'),
  more: Partial<Fetching> = {},
): Promise<Outcome> {
  const clock = sleptClock()
  let counted = 0
  const onBytes = (bytes: number) => {
    counted += bytes
  }
  const signal = new AbortController().signal
  try {
    await fetchFile(file, path.join(folder, file.sha256), { sources, signal, clock, limits, onBytes, ...more })
    return { folder, trouble: null, slept: clock.slept, counted }
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error
    return { folder, trouble: error.trouble, slept: clock.slept, counted }
  }
}

function expectWhole({ folder, trouble }: Outcome) {
  expect(trouble).toBeNull()
  expect(readdirSync(folder)).toEqual([file.sha256])
  expect(readFileSync(path.join(folder, file.sha256)).equals(content)).toBe(true)
}

test('a file comes in parts, by several connections, and is for reading only', async () => {
  const { server, source } = await faulty()
  const outcome = await fetched([source])
  expectWhole(outcome)
  expect(outcome.counted).toBe(content.length)
  expect(server.asked).toHaveLength(11)
  expect(statSync(path.join(outcome.folder, file.sha256)).mode & 0o777).toBe(0o400)
})

test('the tag of the file is asked to be the same in every later part', async () => {
  const { server, source } = await faulty()
  await fetched([source], undefined, { limits: { ...limits, connections: 1 } })
  expect(server.asked.map(({ headers }) => headers['if-range'] !== undefined)).toEqual([
    false,
    ...Array<boolean>(10).fill(true),
  ])
})

const onceAt = (number: number, fault: Fault) => (_: unknown, asked: number) => (asked === number ? fault : undefined)
const passing: [string, FaultySource['fault']][] = [
  ['a part breaks off', onceAt(3, { kind: 'truncated', after: 50_000 })],
  ['it breaks off before the first byte', onceAt(0, { kind: 'truncated', after: 0 })],
  ['it falls silent in the middle', onceAt(5, { kind: 'stalled', after: 30_000 })],
  ['it fails for a moment', onceAt(2, { kind: 'status', status: 503 })],
  ['every fourth answer fails', (_, number) => (number % 4 === 1 ? { kind: 'status', status: 502 } : undefined)],
  ['it knows no ranges', () => ({ kind: 'no-ranges' })],
  ['it answers another range than was asked, once', onceAt(1, { kind: 'other-range' })],
  ['the file changed at its second part', onceAt(1, { kind: 'changed' })],
]
test.each(passing)('the file comes all the same when %s', async (_, fault) => {
  const { source } = await faulty(fault)
  expectWhole(await fetched([source]))
})

const broken: [string, Fault, Trouble['code']][] = [
  ['is not there', { kind: 'status', status: 404 }, 'not-found'],
  ['is gone', { kind: 'status', status: 410 }, 'not-found'],
  ['needs a token', { kind: 'status', status: 401 }, 'gated'],
  ['is gated', { kind: 'status', status: 403 }, 'gated'],
  ['ends before the range', { kind: 'status', status: 416 }, 'range-refused'],
  ['is longer', { kind: 'wrong-length', says: 1_000_004 }, 'wrong-length'],
  ['is shorter', { kind: 'wrong-length', says: 999_999 }, 'wrong-length'],
  ['has other bytes', { kind: 'wrong-bytes' }, 'wrong-bytes'],
  ['always breaks off', { kind: 'truncated', after: 0 }, 'truncated'],
  ['never comes', { kind: 'stalled', after: 0 }, 'source-stalled'],
  ['fails for good', { kind: 'status', status: 500 }, 'source-failed'],
  ['must always be waited for', { kind: 'status', status: 429, retryAfter: '7' }, 'too-many-requests'],
  ['redirects to itself', { kind: 'redirect', to: '/model.gguf' }, 'redirect-loop'],
]
describe('a source whose file', () => {
  test.each(broken)('%s gives a reason', async (_, fault, code) => {
    const { source } = await faulty(() => fault)
    const { trouble, folder } = await fetched([source])
    expect(trouble?.code).toBe(code)
    expect(readdirSync(folder)).not.toContain(file.sha256)
  })

  test.each(broken)('%s leaves the turn to the next', async (_, fault) => {
    const [bad, good] = [await faulty(() => fault), await faulty()]
    expectWhole(await fetched([bad.source, good.source]))
  })
})

test('bad bytes are deleted, and counted off the progress', async () => {
  const [bad, good] = [await faulty(() => ({ kind: 'wrong-bytes' })), await faulty()]
  const outcome = await fetched([bad.source, good.source])
  expectWhole(outcome)
  expect(outcome.counted).toBe(content.length)
})

test('a source is not blamed for bytes of an earlier one', async () => {
  const folder = testFolder('fetch')
  const liar = await faulty(({ range }) =>
    range && range[0] >= 600_000 ? { kind: 'status', status: 404 } : { kind: 'wrong-bytes' },
  )
  const good = await faulty()
  const outcome = await fetched([liar.source, good.source], folder)
  expectWhole(outcome)
})

test('when every source fails, each says why', async () => {
  const [one, other] = [
    await faulty(() => ({ kind: 'status', status: 404 })),
    await faulty(() => ({ kind: 'status', status: 403 })),
  ]
  const { trouble } = await fetched([one.source, other.source])
  expect(trouble).toMatchObject({
    code: 'no-source-left',
    tried: [{ trouble: { code: 'not-found', status: 404 } }, { trouble: { code: 'gated', status: 403 } }],
  })
})

describe('patience', () => {
  test('is as long as the source asks for', async () => {
    const { source } = await faulty(onceAt(0, { kind: 'status', status: 429, retryAfter: '7' }))
    const outcome = await fetched([source])
    expectWhole(outcome)
    expect(outcome.slept).toEqual([7_000 + 1_000])
  })

  test('has an end', async () => {
    const { source } = await faulty(() => ({ kind: 'status', status: 429, retryAfter: '86400' }))
    const { trouble, slept } = await fetched([source])
    expect([trouble, slept]).toEqual([{ code: 'too-many-requests', retryAfterMs: 86_400_000 }, []])
  })

  test('grows between failures, and a byte renews it', async () => {
    const { source } = await faulty(({ range }) =>
      range && range[1] - range[0] > 1 ? { kind: 'truncated', after: 0 } : undefined,
    )
    const { slept } = await fetched([source], undefined, { limits: { ...limits, connections: 1 } })
    expect(slept).toEqual([1_000, 2_000, 4_000, 8_000, 16_000])
  })
})

test('a run goes on where the one before was stopped', async () => {
  const folder = testFolder('fetch')
  const { server, source } = await faulty()
  const stopping = new AbortController()
  let got = 0
  const stopped = await fetched([source], folder, {
    signal: stopping.signal,
    onBytes: (bytes) => {
      got += bytes
      if (got > 400_000) stopping.abort()
    },
  })
  expect(stopped.trouble).toEqual({ code: 'cancelled' })
  server.asked.length = 0
  const outcome = await fetched([source], folder)
  expectWhole(outcome)
  expect(outcome.counted).toBe(content.length - got)
})

test('there is no address for the name of a source', async () => {
  const source = new HttpSource({ name: 'nowhere', urlOf: () => 'http://nowhere.invalid/model.gguf' })
  const { trouble } = await fetched([source])
  expect(trouble?.code).toBe('name-unknown')
})

test('nobody listens at the address of a source', async () => {
  const url = `http://127.0.0.1:${await freePort()}`
  const source = new HttpSource({ name: 'silent', urlOf: () => url })
  expect((await fetched([source])).trouble?.code).toBe('unreachable')
})

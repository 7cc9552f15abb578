import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { mostClipBytes } from './clip-size'
import { decode, decodeAs, encode, encodeAs } from './codec'
import { type Facts, unreadableCodes } from './facts'
import { servingStates } from './measured'
import { eventCodes, presenceStates, type Sample } from './messages'
import type { RefusalCode } from './refusal'
import { type Leaf, type LeafName, leafNames, leaves, type Message, maxMessageBytes } from './topics'

const optional = { requiredKeys: [] }
const count = fc.nat({ max: 1_000_000 })
const positive = count.map((n) => n + 1)
const size = fc.maxSafeNat()
const amount = fc.double({ min: 0, max: 1e12, noNaN: true })
const text = fc.string({ maxLength: 20 })
const at = fc.nat({ max: 4_000_000_000_000 })
const key = fc.stringMatching(/^[a-z0-9]{8,32}$/)
const sent = fc.record({ boot: text, mono: amount, at })

const facts: fc.Arbitrary<Facts> = fc.record(
  {
    cpu: fc.record(
      { architecture: text, model: text, logicalCores: positive, maxMhz: positive, features: fc.array(text) },
      { requiredKeys: ['architecture', 'model', 'logicalCores', 'features'] },
    ),
    memory: fc.record({ totalBytes: size, swapTotalBytes: size }, { requiredKeys: ['totalBytes'] }),
    storage: fc.record(
      { path: text, kind: fc.constantFrom('nvme' as const, 'sd-card' as const), totalBytes: size, freeBytes: size },
      { requiredKeys: ['path', 'totalBytes', 'freeBytes'] },
    ),
    os: fc.record({ platform: fc.constantFrom('linux' as const, 'android' as const), name: text, kernel: text }),
    board: fc.record(
      { maker: text, model: text, serialHash: fc.stringMatching(/^[0-9a-f]{16}$/) },
      { requiredKeys: ['model'] },
    ),
    network: fc.record({
      hostname: text,
      interfaces: fc.array(
        fc.record({ name: text, kind: fc.constantFrom('wifi' as const), addresses: fc.array(text, { maxLength: 8 }) }),
        { maxLength: 3 },
      ),
    }),
    thermal: fc.record({ zones: fc.array(fc.record({ name: text, celsius: amount }), { maxLength: 3 }) }),
  },
  optional,
)

const report = fc.record({
  at,
  agentVersion: text,
  deviceClass: fc.stringMatching(/^v[1-9]:[0-9a-f]{16}$/),
  facts,
  unreadable: fc.array(fc.record({ fact: text, code: fc.constantFrom(...unreadableCodes), detail: text })),
})

const samples: fc.Arbitrary<Sample[]> = fc
  .array(
    fc.record(
      { step: positive, mono: amount, at, cpuBusy: fc.double({ min: 0, max: 1, noNaN: true }), diskFreeBytes: size },
      { requiredKeys: ['step', 'mono', 'at'] },
    ),
    { minLength: 1, maxLength: 120 },
  )
  .map((list) => {
    let seq = 0
    return list.map(({ step, ...sample }) => {
      seq += step
      return { seq, ...sample }
    })
  })

const engine = fc.record({ name: fc.constant('llama-server'), version: text, commit: fc.option(text) })
const build = fc.stringMatching(/^[a-z0-9_-]{1,20}$/)
const serving = fc.record({
  build,
  label: fc.constant('Gemma 4 E2B'),
  demo: fc.boolean(),
  state: fc.constantFrom(...servingStates),
  since: at,
  engine: fc.option(engine),
  failure: fc.option(fc.record({ code: text, retryAt: fc.option(at) })),
})
const speed = fc.double({ min: 0.001, max: 1e6, noNaN: true })
const measuredOne = fc.record(
  {
    build,
    at,
    deviceClass: fc.constant('v1:0123456789abcdef'),
    engine,
    loadMs: speed,
    residentBytes: positive,
    estimatedBytes: positive,
    promptPerSecond: speed,
    generationPerSecond: speed,
    realTimeFactor: speed,
    temperatureBeforeC: fc.integer({ min: -50, max: 200 }),
    temperatureAfterC: fc.integer({ min: -50, max: 200 }),
  },
  { requiredKeys: ['build', 'at', 'deviceClass', 'engine'] },
)
const wish = { language: fc.constantFrom('es', 'pt-br'), targetLanguage: fc.constantFrom('en', 'fil') }
const trial = fc.record(
  {
    kind: fc.constant('try' as const),
    clip: fc.record({
      path: fc.stringMatching(/^[A-Za-z0-9_-]{32}$/).map((name) => `/clips/${name}`),
      bytes: fc.integer({ min: 1, max: mostClipBytes }),
      sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
    }),
    ...wish,
  },
  { requiredKeys: ['kind', 'clip', 'language'] },
)
const heard = fc.record(
  {
    kind: fc.constant('heard' as const),
    text,
    translation: text,
    language: wish.language,
    audioSeconds: amount,
    queueMs: amount,
    engineMs: amount,
    totalMs: amount,
    segments: fc.array(fc.record({ start: amount, end: amount, text }), { maxLength: 5 }),
    build,
    demo: fc.boolean(),
    cut: fc.boolean(),
  },
  {
    requiredKeys: [
      'kind',
      'text',
      'language',
      'audioSeconds',
      'queueMs',
      'engineMs',
      'totalMs',
      'segments',
      'build',
      'demo',
      'cut',
    ],
  },
)
const clock = fc.constantFrom('hub' as const, 'system' as const)
const failure = fc.record({ code: text, detail: text })

/** Any message of every leaf. */
const messages: { [L in LeafName]: fc.Arbitrary<Message<L>> } = {
  presence: fc.record({ state: fc.constantFrom(...presenceStates), start: positive, session: positive, at }),
  capability: report,
  reported: fc.record(
    { at, revisionSeen: count, revisionApplied: count, failure: fc.option(failure), serving },
    { requiredKeys: ['at', 'revisionSeen', 'revisionApplied', 'failure'] },
  ),
  measured: fc.record({
    builds: fc.uniqueArray(measuredOne, { maxLength: 5, selector: ({ build }) => build }),
  }),
  telemetry: fc.record({ stream: key, boot: text, clock, samples, sent }),
  event: fc.record({
    id: key,
    code: fc.constantFrom(...eventCodes),
    boot: text,
    mono: amount,
    at,
    clock,
    detail: fc.dictionary(fc.stringMatching(/^[a-zA-Z]{1,20}$/), fc.oneof(amount, text, fc.boolean())),
    sent,
  }),
  desired: fc.record({ at, revision: count, leaseMs: fc.nat({ max: 120_000 }) }),
  ask: fc.record({
    question: fc.oneof(
      fc.record({ kind: fc.constant('logs' as const), lines: fc.integer({ min: 1, max: 500 }) }),
      fc.record({ kind: fc.constant('probe' as const) }),
      trial,
      fc.record({ kind: fc.constant('cancel' as const) }),
    ),
  }),
  answer: fc.record({
    answer: fc.oneof(
      fc.record({ kind: fc.constant('logs' as const), lines: fc.array(text) }),
      fc.record({ kind: fc.constant('probe' as const), report }),
      heard,
      fc.record(
        {
          kind: fc.constant('failed' as const),
          code: text,
          detail: text,
          retryAfterSeconds: fc.integer({ min: 1, max: 86_400 }),
        },
        { requiredKeys: ['kind', 'code', 'detail'] },
      ),
    ),
  }),
}

const bytesOf = (text: string) => new TextEncoder().encode(text)
const presence = { state: 'online', start: 3, session: 1, at: 1_790_000_000_000 } as const
const presenceText = (more: object) => bytesOf(JSON.stringify({ v: 1, ...presence, ...more }))

function encoded<L extends LeafName>(name: L, message: Parameters<typeof encode<L>>[1]): Uint8Array {
  const result = encode(name, message)
  if (!result.ok) throw new Error(JSON.stringify(result.refusal))
  return result.value
}

describe('round trip', () => {
  test.each(leafNames)('%s comes back as it was sent', (name) => {
    fc.assert(
      fc.property(messages[name], (message) => {
        expect(decode(name, encoded(name, message as never))).toEqual({ ok: true, value: message })
      }),
    )
  })

  test('the version comes first, so that a person sees it', () => {
    expect(new TextDecoder().decode(encoded('presence', presence))).toBe(
      '{"v":1,"state":"online","start":3,"session":1,"at":1790000000000}',
    )
  })

  test('unknown fields are dropped, however deep', () => {
    expect(decode('presence', presenceText({ mood: 'good' }))).toEqual({ ok: true, value: presence })
    const report = { at: 1, agentVersion: '1', deviceClass: 'v1:0123456789abcdef', unreadable: [] }
    const sent = { ...report, facts: { memory: { totalBytes: 1, speed: 3 }, colour: 'red' } }
    const received = { ...report, facts: { memory: { totalBytes: 1 } } }
    expect(decode('capability', bytesOf(JSON.stringify({ v: 1, ...sent })))).toEqual({ ok: true, value: received })
    expect(new TextDecoder().decode(encoded('capability', sent as never))).not.toContain('colour')
  })
})

describe('refusals', () => {
  const telemetry = (samples: unknown[]) =>
    bytesOf(
      JSON.stringify({
        v: 1,
        stream: 'abcdefgh',
        boot: 'b',
        clock: 'hub',
        samples,
        sent: { boot: 'b', mono: 1, at: 1 },
      }),
    )
  const sample = (seq: number, more: object = {}) => ({ seq, mono: 1, at: 1, ...more })

  test.each<[string, LeafName, Uint8Array, RefusalCode, string | RegExp]>([
    ['nothing', 'presence', bytesOf(''), 'not-json', /./],
    ['half a message', 'presence', bytesOf('{"v":1,"state":'), 'not-json', /./],
    ['an array', 'presence', bytesOf('[1]'), 'not-json', 'not an object'],
    ['null', 'presence', bytesOf('null'), 'not-json', 'not an object'],
    ['a number', 'presence', bytesOf('7'), 'not-json', 'not an object'],
    ['bytes that are not UTF-8', 'presence', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d), 'not-json', /./],
    ['a cut character', 'presence', presenceText({ note: 'é' }).slice(0, -3), 'not-json', /./],
    ['no version', 'presence', bytesOf(JSON.stringify(presence)), 'unknown-version', 'v=undefined, at most 1'],
    ['version 0', 'presence', presenceText({ v: 0 }), 'unknown-version', 'v=0, at most 1'],
    ['a later version', 'presence', presenceText({ v: 2 }), 'unknown-version', 'v=2, at most 1'],
    ['a broken version', 'presence', presenceText({ v: 1.5 }), 'unknown-version', 'v=1.5, at most 1'],
    ['a version as text', 'presence', presenceText({ v: '1' }), 'unknown-version', 'v="1", at most 1'],
    ['an unknown state', 'presence', presenceText({ state: 'asleep' }), 'invalid', 'state'],
    ['start 0', 'presence', presenceText({ start: 0 }), 'invalid', 'start'],
    ['a missing field', 'presence', presenceText({ session: undefined }), 'invalid', 'session'],
    ['no samples', 'telemetry', telemetry([]), 'invalid', 'samples'],
    ['falling numbers', 'telemetry', telemetry([sample(2), sample(1)]), 'invalid', 'samples'],
    ['a repeated number', 'telemetry', telemetry([sample(2), sample(2)]), 'invalid', 'samples'],
    [
      'a figure out of range',
      'telemetry',
      telemetry([sample(1), sample(2, { cpuBusy: 2 })]),
      'invalid',
      'samples.1.cpuBusy',
    ],
    ['a figure of null', 'telemetry', telemetry([sample(1, { load1: null })]), 'invalid', 'samples.0.load1'],
    ['too much', 'presence', new Uint8Array(maxMessageBytes + 1), 'too-large', '65537 bytes, at most 65536'],
  ])('%s', (_, name, bytes, code, where) => {
    const result = decode(name, bytes)
    const refusal = { code, where: where instanceof RegExp ? expect.stringMatching(where) : where }
    expect(result).toEqual({ ok: false, refusal })
  })

  test('exactly 64 KiB are taken', () => {
    const text = new TextDecoder().decode(presenceText({}))
    expect(decode('presence', bytesOf(text.padEnd(maxMessageBytes)))).toMatchObject({ ok: true })
  })

  test('encode refuses what the other end would refuse', () => {
    expect(encode('presence', { ...presence, start: 0 })).toMatchObject({
      refusal: { code: 'invalid', where: 'start' },
    })
    expect(encode('presence', 'online' as never)).toMatchObject({ refusal: { code: 'invalid', where: '(message)' } })
    const lines = Array.from({ length: 40 }, () => 'é'.repeat(1000))
    const answer = { kind: 'logs', lines } as const
    expect(encode('answer', { answer })).toMatchObject({ refusal: { code: 'too-large' } })
    expect(encode('answer', { answer: { ...answer, lines: lines.slice(10) } })).toMatchObject({ ok: true })
  })

  test('random bytes and random JSON never throw', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map(bytesOf),
      fc.dictionary(fc.string(), fc.jsonValue()).map((body) => bytesOf(JSON.stringify({ ...body, v: 1 }))),
    )
    fc.assert(
      fc.property(bytes, fc.constantFrom(...leafNames), (bytes, name) => {
        expect(decode(name, bytes)).toHaveProperty('ok')
      }),
    )
    expect(decode('presence', bytesOf('['.repeat(maxMessageBytes)))).toMatchObject({ ok: false })
  })

  test('a message with one part spoilt is refused at that part', () => {
    fc.assert(
      fc.property(messages.telemetry, fc.nat(), (message, pick) => {
        const index = pick % message.samples.length
        const samples = message.samples.map((s, i) => (i === index ? { ...s, mono: 'noon' } : s))
        const bytes = bytesOf(JSON.stringify({ v: 1, ...message, samples }))
        if (bytes.byteLength > maxMessageBytes) return
        expect(decode('telemetry', bytes)).toEqual({
          ok: false,
          refusal: { code: 'invalid', where: `samples.${index}.mono` },
        })
      }),
    )
  })
})

describe('versions', () => {
  /** Version 1 said `hot: boolean`, version 2 said `temperature` in Fahrenheit, version 3 says Celsius. */
  const thermometer: Leaf = {
    ...leaves.presence,
    schema: z.object({ celsius: z.number(), place: z.string() }),
    version: 3,
    raise: {
      1: ({ hot, ...rest }) => ({ ...rest, temperature: hot ? 176 : 68 }),
      2: ({ temperature, ...rest }) => ({ ...rest, celsius: ((temperature as number) - 32) / 1.8 }),
    },
  }
  const read = (body: object) => decodeAs(thermometer, bytesOf(JSON.stringify(body)))

  test.each([
    [
      { v: 1, hot: true, place: 'attic' },
      { celsius: 80, place: 'attic' },
    ],
    [
      { v: 2, temperature: 68, place: 'attic' },
      { celsius: 20, place: 'attic' },
    ],
    [
      { v: 3, celsius: 20, place: 'attic' },
      { celsius: 20, place: 'attic' },
    ],
  ])('%j is raised', (sent, value) => {
    expect(read(sent)).toEqual({ ok: true, value })
  })

  test('what is written today says version 3', () => {
    const written = encodeAs(thermometer, { celsius: 1, place: 'attic' })
    expect(written.ok && new TextDecoder().decode(written.value)).toBe('{"v":3,"celsius":1,"place":"attic"}')
  })

  test('a later version is refused', () => {
    expect(read({ v: 4 })).toMatchObject({ refusal: { code: 'unknown-version', where: 'v=4, at most 3' } })
  })

  test('a version whose step was dropped is refused', () => {
    const { 1: _, ...raise } = thermometer.raise
    const result = decodeAs({ ...thermometer, raise }, bytesOf('{"v":1,"hot":true,"place":"attic"}'))
    expect(result).toMatchObject({ refusal: { code: 'unknown-version', where: 'v=1 is no longer read' } })
  })

  test('an old message is checked after it was raised', () => {
    expect(read({ v: 2, temperature: 68 })).toMatchObject({ refusal: { code: 'invalid', where: 'place' } })
  })

  test('a step that trips over garbage refuses the message', () => {
    const raise = {
      2: (body: Record<string, unknown>) => ({ celsius: (body.parts as { c: number }[]).map((p) => p.c) }),
    }
    const result = decodeAs({ ...thermometer, raise }, bytesOf('{"v":2,"parts":7}'))
    expect(result).toMatchObject({ refusal: { code: 'invalid', where: 'v=2' } })
  })
})

import fc from 'fast-check'
import { type Facts, unreadableCodes } from './facts'
import { eventCodes, presenceStates, type Sample } from './messages'
import type { LeafName, Message } from './topics'

const optional = { requiredKeys: [] }
const count = fc.nat({ max: 1_000_000 })
const positive = count.map((n) => n + 1)
const bytes = fc.maxSafeNat()
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
    memory: fc.record({ totalBytes: bytes, swapTotalBytes: bytes }, { requiredKeys: ['totalBytes'] }),
    storage: fc.record(
      { path: text, kind: fc.constantFrom('nvme' as const, 'sd-card' as const), totalBytes: bytes, freeBytes: bytes },
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
      { step: positive, mono: amount, at, cpuBusy: fc.double({ min: 0, max: 1, noNaN: true }), diskFreeBytes: bytes },
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

const clock = fc.constantFrom('hub' as const, 'system' as const)
const failure = fc.record({ code: text, detail: text })

/** Any message of every leaf, for property tests. */
export const messages: { [L in LeafName]: fc.Arbitrary<Message<L>> } = {
  presence: fc.record({ state: fc.constantFrom(...presenceStates), start: positive, session: positive, at }),
  capability: report,
  reported: fc.record({ at, revisionSeen: count, revisionApplied: count, failure: fc.option(failure) }),
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
    ),
  }),
  answer: fc.record({
    answer: fc.oneof(
      fc.record({ kind: fc.constant('logs' as const), lines: fc.array(text) }),
      fc.record({ kind: fc.constant('probe' as const), report }),
      fc.record({ kind: fc.constant('failed' as const), code: text, detail: text }),
    ),
  }),
}

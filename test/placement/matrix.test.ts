import { decide, type Outcome, type PlacementDevice, type Workload } from '@tradewind/fleet'
import type { UseCase } from '@tradewind/protocol'
import { describe, expect, test } from 'vitest'
import { host, resolved } from './hosts'

const K = 1024
const workload = (useCase: UseCase, context: number, more: Partial<Workload> = {}): Workload => ({
  id: useCase,
  useCases: [useCase],
  context,
  ...more,
})

/** The variant that is placed; of a refusal what is offered in its stead, and with what. */
function said(outcome: Outcome): string {
  const variantOf = (build: string) => resolved.builds.find(({ id }) => id === build)?.variant
  if (outcome.kind !== 'refused') return `${variantOf(outcome.build)}`
  if (!outcome.offer) return 'refused'
  const { build, needs } = outcome.offer
  return needs === 'another-engine' ? `refused, or ${build}` : `refused, or ${variantOf(build)}`
}

function both(device: PlacementDevice, useCase: UseCase, context: number, more?: Partial<Workload>) {
  const { outcome, other } = decide(device, resolved, workload(useCase, context, more))
  return [said(outcome), said(other.outcome)]
}

describe('the decision matrix, on the captured hosts', () => {
  test.each<[UseCase, string, number, string, string]>([
    // use case, host, tokens, by the evidence, by the article to the letter
    ['known-corpus-qa', 'macbook-air-m2', 8 * K, 'e4b', 'e4b'],
    ['known-corpus-qa', 'laptop-16gb', 8 * K, 'e4b', 'e4b'],
    ['code', 'rtx4090', 32 * K, '31b', '31b'],
    ['code', 'rtx4090x2', 128 * K, '31b', '31b'],
    ['long-document-retrieval', 'rtx4090x2', 80_000, '31b', '31b'],
    ['long-document-retrieval', 'rtx4090x2', 128 * K, '31b', '31b'],
    ['transcription', 'pi-5-8gb', 4 * K, 'e2b', 'e2b'],
    ['transcription', 'android-12gb-termux', 4 * K, 'e2b', 'e2b'],
    ['transcription', 'rtx4090', 4 * K, 'e4b', 'e4b'],
    ['commercial-at-scale', 'rtx4090', 79_999, '26b-a4b', '26b-a4b'],
    ['commercial-at-scale', 'rtx4090x2', 80_000, '31b', '31b'],
    ['on-device-translation', 'pi-5-8gb', 4 * K, 'e2b', 'e2b'],
    ['on-device-translation', 'android-12gb-termux', 4 * K, 'e2b', 'e2b'],
    ['lightweight-multimodal', 'macbook-air-m2', 8 * K, 'e4b', 'e4b'],
    ['lightweight-multimodal', 'laptop-16gb', 8 * K, 'e4b', 'e4b'],
    ['high-stakes-reasoning', 'rtx4090x2', 32 * K, '31b', '31b'],
  ])('%s on %s at %i tokens: %s, to the letter %s', (useCase, name, context, evidence, article) => {
    expect(both(host(name), useCase, context)).toEqual([evidence, article])
  })

  test.each<[string, UseCase, string, number, string, string]>([
    // why they differ …
    ['the MoE lacks 2.9 points, not 12', 'code', 'pi-5-16gb', 8 * K, '26b-a4b', 'refused, or 26b-a4b'],
    ['the MoE degrades, it does not fail', 'commercial-at-scale', 'rtx4090', 256 * K, '26b-a4b', 'refused, or 26b-a4b'],
    ['the article is silent below 80,000', 'long-document-retrieval', 'rtx4090', 32 * K, '31b', 'refused, or 31b'],
    ['the same, on the laptop', 'long-document-retrieval', 'laptop-16gb', 32 * K, '12b', 'refused, or 12b'],
  ])('evidence and article differ: %s', (_, useCase, name, context, evidence, article) => {
    expect(both(host(name), useCase, context)).toEqual([evidence, article])
    const letter = decide(host(name), resolved, workload(useCase, context, { policy: 'article' }))
    expect(said(letter.outcome)).toBe(article)
    expect(said(letter.other.outcome)).toBe(evidence)
  })
})

describe('the four variants and where the article puts them', () => {
  test.each<[string, string, UseCase, number]>([
    ['e2b', 'pi-5-8gb', 'on-device-translation', 4 * K],
    ['e2b', 'android-12gb-termux', 'on-device-translation', 4 * K],
    ['e4b', 'macbook-air-m2', 'lightweight-multimodal', 8 * K],
    ['e4b', 'laptop-16gb', 'lightweight-multimodal', 8 * K],
    ['26b-a4b', 'rtx4090', 'commercial-at-scale', 16 * K],
    ['31b', 'rtx4090x2', 'high-stakes-reasoning', 16 * K],
  ])('%s is what a %s gets for its best use', (variant, name, useCase, context) => {
    expect(both(host(name), useCase, context)).toEqual([variant, variant])
  })
})

describe('a Raspberry Pi 5 with 4 GB', () => {
  const transcription = workload('transcription', 4 * K)

  test('is refused with the numbers, and offered the engine that would do', () => {
    const { outcome, candidates } = decide(host('pi-5-4gb'), resolved, transcription)
    expect(outcome).toEqual({
      kind: 'refused',
      closest: 'e2b-litert',
      offer: { build: 'e2b-litert', needs: 'another-engine' },
    })
    const short = candidates.find(({ build }) => build === 'e2b-q4_0')?.refusals
    expect(short).toEqual([
      { code: 'memory-short', needBytes: expect.any(Number), haveBytes: expect.any(Number), longestContext: 0 },
    ])
  })

  test('gets it when that engine is there', () => {
    const device = { ...host('pi-5-4gb'), engines: [{ engine: 'litert-lm' as const, build: null }] }
    expect(decide(device, resolved, transcription).outcome).toEqual({ kind: 'assign', build: 'e2b-litert' })
  })
})

describe('a MacBook with 16 GB, for transcription', () => {
  const mac = host('macbook-air-m2')
  const withFree = (availableBytes: number): PlacementDevice => ({
    ...mac,
    facts: { ...mac.facts, memory: { totalBytes: 16 * K ** 3, ...mac.facts.memory, availableBytes } },
  })

  test('gets E4B when most of its memory is free', () => {
    expect(both(withFree(12 * K ** 3), 'transcription', 4 * K)).toEqual(['e4b', 'e4b'])
  })

  test('gets E2B beside Xcode, as captured with 9 GiB free: E4B is 0.2 GiB too large, and says so', () => {
    expect(both(mac, 'transcription', 4 * K)).toEqual(['e2b', 'e2b'])
    const { candidates } = decide(mac, resolved, workload('transcription', 4 * K))
    const short = candidates.find(({ build }) => build === 'e4b-q8_0')?.refusals[0]
    if (short?.code !== 'memory-short') throw new Error('it should not fit')
    expect(short.haveBytes).toBeLessThan(mac.facts.memory?.availableBytes ?? 0)
    expect(short.needBytes - short.haveBytes).toBeCloseTo(0.19 * K ** 3, -8)
  })
})

describe('one RTX 4090', () => {
  test('carries 31B for code up to a context, and says which', () => {
    const { candidates } = decide(host('rtx4090'), resolved, workload('code', 256 * K))
    const short = candidates.find(({ build }) => build === '31b-q4_k_m')?.refusals[0]
    if (short?.code !== 'memory-short') throw new Error('it should not fit')
    const fits = (context: number) =>
      decide(host('rtx4090'), resolved, workload('code', context)).candidates.find(
        ({ build }) => build === '31b-q4_k_m',
      )?.fit !== undefined
    expect(short.longestContext).toBeGreaterThan(80_000)
    expect(fits(short.longestContext)).toBe(true)
    expect(fits(short.longestContext + 256)).toBe(false)
  })
})

test.each(['rtx4090', 'rtx4090x2'])(
  'a %s, however large, gets neither 26B-A4B nor 31B where sound comes in',
  (name) => {
    for (const policy of ['evidence', 'article'] as const) {
      for (const useCase of ['transcription', 'commercial-at-scale', 'high-stakes-reasoning'] as const) {
        const { candidates, outcome } = decide(host(name), resolved, workload(useCase, 4 * K, { hears: true, policy }))
        if (useCase !== 'transcription') expect(outcome.kind).toBe('refused')
        for (const { variant, refusals } of candidates)
          if (variant === '26b-a4b' || variant === '31b')
            expect(refusals).toContainEqual({ code: 'no-audio', hearsSeconds: 0 })
      }
    }
  },
)

describe('hosts that nobody captured', () => {
  const GB = 1e9
  const cpu = { architecture: 'x86_64', model: 'some processor', logicalCores: 8, features: ['avx2'] }
  const linux = { platform: 'linux' as const, name: 'Debian GNU/Linux', kernel: '6.12' }
  const machine = (facts: PlacementDevice['facts']): PlacementDevice => ({
    deviceClass: 'v1:0000000000000000',
    facts: { cpu, os: linux, ...facts },
  })
  const memory = (totalBytes: number, availableBytes?: number) => machine({ memory: { totalBytes, availableBytes } })
  const card = (name: string, totalBytes: number, freeBytes: number, count = 1) =>
    machine({
      memory: { totalBytes: 64 * GB },
      accelerators: Array.from({ length: count }, () => ({ kind: 'nvidia' as const, name, totalBytes, freeBytes })),
    })
  const mac = (totalBytes: number, model: string) =>
    machine({
      cpu: { ...cpu, model },
      memory: { totalBytes },
      os: { platform: 'darwin', name: 'macOS', kernel: '24.1' },
    })

  /** Bytes by hand: weights + projector + cache + scratch(micro-batch) + projector's 0.106 + engine's 0.101 GB. */
  test.each<[string, PlacementDevice, UseCase, number, string]>([
    // 6 GB, idle: 6 - 1 = 5.0. E2B Q4_K_M 3.107 + 0.986 + 0.028 + 0.156 + 0.207 = 4.48: fits
    ['6 GB', memory(6 * GB), 'transcription', 4 * K, 'e2b'],
    // 8 GB of which 3.2 are free: 3.2 - 0.25 = 2.95. The smallest E2B: 2.620 + 0.557 + 0.02 + 0.156 + 0.207 = 3.56
    ['a busy 8 GB', memory(8 * GB, 3.2 * GB), 'transcription', 4 * K, 'refused, or e2b-litert'],
    // 8 GB of which 4.2 are free: 3.95 >= 3.56
    ['a less busy 8 GB', memory(8 * GB, 4.2 * GB), 'transcription', 4 * K, 'e2b'],
    // 10 GB, 7 free: 6.75. E4B Q4_0 4.591 + 0.560 + 0.176 + 0.67 + 0.207 = 6.20 for images: fits
    ['10 GB with 7 free', memory(10 * GB, 7 * GB), 'lightweight-multimodal', 8 * K, 'e4b'],
    // 12 GB card, 12.0 free: 11.7. 26B-A4B in its smallest build is 14.2 alone; 12B 7.12 + 0.175 + 1.0 + 0.75 fits
    [
      'a 12 GB card',
      card('NVIDIA GeForce RTX 3060', 12.9 * GB, 12 * GB),
      'commercial-at-scale',
      32 * K,
      'refused, or e4b',
    ],
    // the same for documents below 80,000 tokens, where the evidence accepts 12B: 7.12 + 0.175 + 1.04 + 0.74 + 0.2 = 9.28
    [
      'a 12 GB card again',
      card('NVIDIA GeForce RTX 3060', 12.9 * GB, 12 * GB),
      'long-document-retrieval',
      32 * K,
      '12b',
    ],
    // a 24 GB card with 10 GB in use: 15.8 - 0.3 = 15.5. 14.249 + 0.62 + 0.66 + 0.1 = 15.6 in f16; 15.2 with small batches
    [
      'a shared 24 GB card',
      card('NVIDIA GeForce RTX 4090', 25.7 * GB, 15.8 * GB),
      'commercial-at-scale',
      16 * K,
      '26b-a4b',
    ],
    // two 12 GB cards: 2 x 11.7 = 23.4. 31B QAT 17.3 + 1.9 + 2 x 0.8 + a layer 0.29 + 0.1 = 21.2
    ['two 12 GB cards', card('NVIDIA GeForce RTX 3060', 12.9 * GB, 12 * GB, 2), 'high-stakes-reasoning', 8 * K, '31b'],
    // Mac with 64 GB: 0.72 x 68.7 = 49.5. 31B Q4_K_M at 128K: 18.3 + 12.0 + 0.9 + 0.1 = 31.3
    ['a 64 GB Mac', mac(64 * 2 ** 30, 'Apple M4 Max'), 'long-document-retrieval', 128 * K, '31b'],
    // Mac with 24 GB: 0.72 x 25.77 = 18.55. 31B QAT 17.3 + q8_0 cache 0.713 + 0.557 + 0.2 + 0.1 = 18.87: not at 16K,
    // where 26B QAT 14.25 + f16 cache 0.336 + 0.315 + 0.68 + 0.1 = 15.68 fits
    ['a 24 GB Mac', mac(24 * 2 ** 30, 'Apple M4 Pro'), 'code', 16 * K, '26b-a4b'],
    // Mac with 8 GB: 0.72 x 8.59 = 6.18. E4B Q4_0 for images 4.591 + 0.560 + q8_0 cache 0.094 + 0.66 + 0.207 = 6.11: fits,
    ['an 8 GB Mac', mac(8 * 2 ** 30, 'Apple M1'), 'lightweight-multimodal', 8 * K, 'e4b'],
    // but at 32K with a cache of 0.307 it is 6.35, where LiteRT-LM would take 3.28 + 0.58 + 0.1
    ['an 8 GB Mac at 32K', mac(8 * 2 ** 30, 'Apple M1'), 'lightweight-multimodal', 32 * K, 'refused, or e4b-litert'],
    // memory that could not be read is not zero, and no reason to hope
    ['a host that hides its memory', machine({}), 'transcription', 4 * K, 'refused'],
  ])('%s', (_, device, useCase, context, expected) => {
    expect(said(decide(device, resolved, workload(useCase, context)).outcome)).toBe(expected)
  })
})

test('a build whose files are not resolved is named, and not assigned', async () => {
  const { gemma4 } = await import('@tradewind/fleet')
  const { outcome } = decide(host('pi-5-8gb'), gemma4, workload('transcription', 4 * K))
  expect(outcome).toEqual({ kind: 'unresolved', build: 'e2b-q8_0' })
})

import type { Build, Catalogue, Facts, ModelFile, Variant } from '@tradewind/protocol'
import { describe, expect, test } from 'vitest'
import { gemma4 } from '../catalogue/catalogue'
import { decide } from './decide'
import { measuredBy, type PlacementDevice } from './device'
import { preview } from './preview'
import type { RefusalCode } from './refusal'
import { knownSpeeds, predictSpeed, realTimeFactor } from './speed'
import { type Workload, workloadFor } from './workload'

const GB = 1e9
const inventedHash = ({ repository, path, sha256 }: ModelFile) =>
  `${sha256 ?? ''}${Buffer.from(repository + path)
    .reverse()
    .toString('hex')}`
    .slice(0, 64)
    .padEnd(64, '0')
const resolved: Catalogue = {
  ...gemma4,
  builds: gemma4.builds.map((build) => ({
    ...build,
    files: build.files.map((file) => ({
      ...file,
      ...{ exact: true, commit: 'c'.repeat(40), sha256: inventedHash(file) },
    })),
  })),
}
const pi: Facts = {
  cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: ['asimddp'] },
  memory: { totalBytes: 8.45 * GB },
  board: { model: 'Raspberry Pi 5 Model B Rev 1.0' },
  storage: { path: '/', totalBytes: 250 * GB, freeBytes: 100 * GB },
}
const device = (more: Partial<Facts> = {}, about: Partial<PlacementDevice> = {}): PlacementDevice => ({
  ...{ deviceClass: 'v1:0000000000000001', facts: { ...pi, ...more } },
  ...about,
})
const transcribe: Workload = { id: 'calls', useCases: ['transcription'], context: 4096 }
const outcomeOf = (device: PlacementDevice, more: Partial<Workload> = {}, catalogue = resolved) =>
  decide(device, catalogue, { ...transcribe, ...more }).outcome
const codesOf = (build: string, device: PlacementDevice, more: Partial<Workload> = {}, catalogue = resolved) =>
  decide(device, catalogue, { ...transcribe, ...more })
    .candidates.find((one) => one.build === build)
    ?.refusals.map(({ code }) => code)

describe('a build is refused', () => {
  const oldEngine = { engines: [{ engine: 'llama-server' as const, build: 8763 }] }
  const hot = { thermal: { zones: [{ name: 'cpu', celsius: 96, criticalCelsius: 110 }] } }
  test.each<[string, string, PlacementDevice, Partial<Workload>, RefusalCode[]]>([
    ['where it fits', 'e2b-q8_0', device(), {}, []],
    ['for its licence, above the users it allows', 'e2b-llama', device(), { monthlyUsers: 700_000_001 }, ['licence']],
    ['for its licence, at the users it allows', 'e2b-llama', device(), { monthlyUsers: 700_000_000 }, []],
    ['for its source, where that is not for commerce', 'e2b-free', device(), { commercial: true }, ['licence']],
    ['for its source, where nobody earns', 'e2b-free', device(), {}, []],
    ['for an engine that is too old', 'e2b-q8_0', device({}, oldEngine), {}, ['engine-unsupported']],
    ['for an engine that is not there', 'e2b-litert', device(), {}, ['engine-unsupported']],
    ['for the heat', 'e2b-q8_0', device(hot), {}, ['too-hot']],
    [
      'for the disk',
      'e2b-q8_0',
      device({ storage: { path: '/', totalBytes: 9 * GB, freeBytes: 6.4 * GB } }),
      {},
      ['disk-short'],
    ],
    ['for the disk, which nobody could read', 'e2b-q8_0', device({ storage: undefined }), {}, []],
    ['for its speed', 'e2b-q8_0', device(), { realTimeFactor: 1 }, ['too-slow']],
    ['for its speed, in tokens', 'e2b-q8_0', device(), { generationPerSecond: 4 }, ['too-slow']],
    [
      'for a speed that nobody knows',
      'e2b-q8_0',
      device({ board: undefined }),
      { generationPerSecond: 4 },
      ['speed-unknown'],
    ],
    ['for the context', 'e2b-q8_0', device(), { context: 131_073 }, ['context-too-long']],
    ['for being deaf', '31b-q4_k_m', device(), {}, ['no-audio', 'memory-short']],
    ['for memory that nobody could read', 'e2b-q8_0', device({ memory: undefined }), {}, ['memory-unknown']],
  ])('%s', (_, build, device, more, codes) => {
    const known = resolved.builds[0] as Build
    const catalogue: Catalogue = {
      ...resolved,
      builds: [
        ...resolved.builds,
        { ...known, id: 'e2b-llama', licence: 'llama-4-community' },
        { ...known, id: 'e2b-free', licence: 'hobby' },
      ],
      licences: [
        ...resolved.licences,
        { id: 'hobby', name: 'x', commercial: false, standing: 'confirmed', source: 'x' },
      ],
    }
    expect(codesOf(build, device, more, catalogue)).toEqual(codes)
  })

  test('for unknown memory with the bytes that it would need', () => {
    const refusal = decide(device({ memory: undefined }), resolved, transcribe).candidates[0]?.refusals[0]
    expect(refusal?.code === 'memory-unknown' && refusal.needBytes).toBeGreaterThan(6e9)
  })

  test('not for files that are there already', () => {
    const build = resolved.builds[0] as Build
    const full = { storage: { path: '/', totalBytes: 9 * GB, freeBytes: 1 * GB } }
    const holds = new Set(build.files.map(({ sha256 }) => sha256 ?? ''))
    expect(codesOf(build.id, device(full))).toEqual(['disk-short'])
    expect(codesOf(build.id, device(full, { holds }))).toEqual([])
  })

  test('for unreliable recall, where little of it is tolerated, and by either policy', () => {
    const box = device({
      accelerators: [{ kind: 'nvidia', name: 'RTX 4090', totalBytes: 25.7 * GB, freeBytes: 25 * GB }],
    })
    const asked: Partial<Workload> = { useCases: ['high-stakes-reasoning'], hallucination: 'low' }
    for (const policy of ['evidence', 'article'] as const) {
      const { outcome, candidates } = decide(box, resolved, { ...transcribe, ...asked, policy })
      expect(outcome.kind).toBe('refused')
      expect(candidates.find(({ variant }) => variant === '31b')?.standing[policy]).toEqual({
        tier: null,
        refusal: { code: 'unreliable', index: -45, atLeast: -30 },
      })
    }
  })
})

describe('speed', () => {
  const variant = (id: string) => gemma4.variants.find((one) => one.id === id) as Variant
  const build = (id: string) => gemma4.builds.find((one) => one.id === id) as Build
  const predicted = (id: string, facts: Facts, pool: 'cards' | 'memory' = 'memory') => {
    const of = build(id)
    return predictSpeed(variant(of.variant), of, { facts, pool, known: knownSpeeds(gemma4, facts), derating: 1 })
  }

  test('of a Pi 5 is what was published', () => {
    expect(predicted('e2b-q4_k_m', pi)).toEqual({
      from: 'published',
      promptPerSecond: 32,
      generationPerSecond: 6.2,
      derating: 1,
    })
  })

  test('of E2B in Q8_0 follows from the bandwidth: 11.8 tokens/s were measured at 37.6 GB/s', () => {
    const facts: Facts = {
      cpu: { architecture: 'x86_64', model: 'AMD EPYC', logicalCores: 2, physicalCores: 2, features: ['avx512f'] },
      memory: { totalBytes: 24 * GB, bandwidthBytesPerSecond: 37.6 * GB },
    }
    const { from, promptPerSecond = 0, generationPerSecond = 0 } = predicted('e2b-q8_0', facts)
    expect(from).toBe('computed')
    expect(generationPerSecond).toBeCloseTo(11.7, 1)
    expect(Math.abs(promptPerSecond - 56.3)).toBeLessThan(1)
  })

  test.each([
    // published elsewhere, so that the computed figure can be held against it: within a quarter
    ['31b-q4_k_m', 'Apple M5 Max', 24.9],
    ['e2b-q8_0', 'Apple M5 Max', 119],
    ['26b-a4b-ud-q4_k_m', 'Apple M5 Max', 111],
  ])('of %s on an %s is computed near the published %d tokens/s', (id, model, published) => {
    const facts: Facts = { cpu: { architecture: 'arm64', model, logicalCores: 16, features: [] } }
    const { from, generationPerSecond = 0 } = predicted(id, facts)
    expect(from).toBe('computed')
    expect(generationPerSecond / published).toBeGreaterThan(0.75)
    expect(generationPerSecond / published).toBeLessThan(1.7)
  })

  test('is measured before anything else', () => {
    const measured = measuredBy([{ build: 'e2b-q8_0', deviceClass: 'v1:0000000000000001', generationPerSecond: 5 }])
    const { candidates } = decide(device(), resolved, transcribe, measured)
    expect(candidates.find(({ build }) => build === 'e2b-q8_0')?.speed).toEqual({
      from: 'measured',
      promptPerSecond: 32,
      generationPerSecond: 5,
      derating: 1,
    })
  })

  test.each<[string, Partial<Facts>, number]>([
    ['a cool Pi', {}, 1],
    ['an undervolted Pi', { throttling: { now: ['undervoltage', 'throttled'], sinceBoot: [] } }, 0.63],
    ['a hot Pi', { throttling: { now: ['soft-temperature-limit'], sinceBoot: [] } }, 0.85],
    ['a Pi that was hot', { throttling: { now: [], sinceBoot: ['throttled'] } }, 1],
    ['one on a battery', { power: { source: 'battery' } }, 0.8],
  ])('of %s is derated', (_, more, derating) => {
    const [candidate] = decide(device(more), resolved, transcribe).candidates
    expect(candidate?.speed?.derating).toBeCloseTo(derating, 5)
  })

  test.each([
    // prompt and generation in tokens/s, seconds of a clip: factor, published estimates for E2B
    [32, 6.4, 30, false, 1.4],
    [32, 6.4, 30, true, 1.9],
    [133, 8, 30, false, 0.6],
    [133, 8, 10, false, 0.7],
  ])(
    'reading %d and writing %d tokens/s, %i s of speech: %s, factor %d',
    (promptPerSecond, generationPerSecond, clip, translates, factor) => {
      const speed = { from: 'published' as const, promptPerSecond, generationPerSecond, derating: 1 }
      expect(realTimeFactor(speed, clip, translates)).toBeCloseTo(factor, 1)
    },
  )
})

describe('a device that serves', () => {
  const serving = (build: string) => device({}, { serving: { build } })

  test('keeps what is best', () => {
    expect(outcomeOf(serving('e2b-q8_0'))).toEqual({ kind: 'keep', build: 'e2b-q8_0' })
  })

  test('is left alone for a small gain, and told of it', () => {
    expect(outcomeOf(serving('e2b-ud-q6_k_xl'))).toEqual({
      kind: 'keep',
      build: 'e2b-ud-q6_k_xl',
      better: { build: 'e2b-q8_0', gain: expect.any(Number), needGain: 0.15 },
    })
  })

  test('gets a proposal for a gain that is enough', () => {
    expect(outcomeOf(serving('e2b-ud-q6_k_xl'), { gainToChange: 0.01 })).toMatchObject({
      kind: 'propose',
      build: 'e2b-q8_0',
      instead: 'e2b-ud-q6_k_xl',
    })
  })

  test('gets a proposal when it may not stay', () => {
    expect(outcomeOf(serving('31b-q4_k_m'))).toMatchObject({ kind: 'propose', build: 'e2b-q8_0', gain: null })
  })

  test('counts the memory that its own engine would give back', () => {
    const busy = { memory: { totalBytes: 8.45 * GB, availableBytes: 1.2 * GB } }
    expect(outcomeOf(device(busy)).kind).toBe('refused')
    const own = { serving: { build: 'e2b-q8_0', memoryBytes: 5.8 * GB } }
    expect(outcomeOf(device(busy, own))).toEqual({ kind: 'keep', build: 'e2b-q8_0' })
  })
})

test('memory that was measured above the estimate counts, below it does not', () => {
  const measuring = (residentBytes: number) =>
    measuredBy([{ build: 'e2b-q8_0', deviceClass: 'v1:0000000000000001', residentBytes, estimatedBytes: 5 * GB }])
  const need = (residentBytes: number) =>
    decide(device(), resolved, transcribe, measuring(residentBytes)).candidates.find(
      ({ build }) => build === 'e2b-q8_0',
    )?.fit?.needBytes ?? 0
  expect(need(5.25 * GB) / need(5 * GB)).toBeCloseTo(1.05, 5)
  expect(need(4 * GB)).toBe(need(5 * GB))
})

describe('the workload of a device', () => {
  const workloads: Workload[] = [
    { ...transcribe, id: 'all' },
    { ...transcribe, id: 'shops', priority: 5, selects: { site: 'shop' } },
    { ...transcribe, id: 'tills', priority: 5, selects: { site: 'shop', role: 'till' } },
  ]
  test.each<[string, Record<string, string>, string]>([
    ['the only one that selects it', { site: 'office' }, 'all'],
    ['that of the highest priority', { site: 'shop', role: 'kiosk' }, 'shops'],
    ['a tie, which a person must resolve', { site: 'shop', role: 'till' }, 'tie of shops, tills'],
  ])('is %s', (_, labels, expected) => {
    const selection = workloadFor(labels, workloads)
    const said =
      selection.kind === 'one'
        ? selection.workload.id
        : selection.kind === 'tie'
          ? `tie of ${selection.workloads.map(({ id }) => id).join(', ')}`
          : 'none'
    expect(said).toBe(expected)
  })

  test('is none where none selects it', () => {
    expect(workloadFor({}, workloads.slice(1))).toEqual({ kind: 'none' })
  })
})

describe('the preview of a fleet', () => {
  const fleet = [
    { id: 'a', ...device() },
    { id: 'b', ...device() },
    { id: 'served', ...device({}, { serving: { build: 'e2b-q8_0' } }) },
    { id: 'small', ...device({ memory: { totalBytes: 2 * GB } }) },
    { id: 'office', ...device({}, { labels: { site: 'office' } }) },
    { id: 'both', ...device({}, { labels: { site: 'shop', role: 'till' } }) },
  ]
  const workloads: Workload[] = [
    { ...transcribe, id: 'rest', selects: { site: 'shop' } },
    { ...transcribe, id: 'tills', selects: { role: 'till' } },
  ]

  test('counts who gets what, who is refused by what, and the bytes of it', () => {
    const bytes = resolved.builds[0]?.files.reduce((sum, file) => sum + file.bytes, 0) ?? 0
    expect(preview(fleet.slice(0, 4), resolved, [transcribe])).toMatchObject({
      devices: 4,
      assigned: ['a', 'b'],
      kept: ['served'],
      refused: ['small'],
      builds: { 'e2b-q8_0': 3 },
      refusedBy: { 'memory-short': 1 },
      diskBytes: 2 * bytes,
      downloadBytes: bytes,
    })
  })

  test('tells ties and devices without a workload', () => {
    expect(preview(fleet, resolved, workloads)).toMatchObject({
      idle: ['a', 'b', 'served', 'small', 'office'],
      tied: [{ device: 'both', workloads: ['rest', 'tills'] }],
    })
  })
})

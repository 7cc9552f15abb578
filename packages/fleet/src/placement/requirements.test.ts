import type { Build, Catalogue, Variant } from '@tradewind/protocol'
import { describe, expect, test } from 'vitest'
import { decide } from './decide'
import type { PlacementDevice } from './device'
import { device, GB, resolved, transcribe } from './example'
import type { RefusalCode } from './refusal'
import type { Workload } from './workload'

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
    [
      'for the hours to read a context',
      'e2b-q8_0',
      device(),
      { context: 64_000, firstTokenSeconds: 1_999 },
      ['too-slow'],
    ],
    ['not for a time that suffices', 'e2b-q8_0', device(), { context: 64_000, firstTokenSeconds: 2_000 }, []],
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
      expect(outcome).toMatchObject({ kind: 'refused', offer: { build: expect.stringMatching(/^26b-a4b/) } })
      expect(candidates.find(({ variant }) => variant === '31b')?.standing[policy]).toEqual({
        tier: null,
        refusal: { code: 'unreliable', index: -45, atLeast: -30 },
      })
    }
  })

  test('for an index that only the article has, by the article alone', () => {
    const [e2b, ...others] = resolved.variants as [Variant, ...Variant[]]
    const figures = { aaOmniscience: { value: -40, standing: 'article-only' as const, source: 'the article' } }
    const catalogue = { ...resolved, variants: [{ ...e2b, figures }, ...others] }
    const [candidate] = decide(device(), catalogue, { ...transcribe, hallucination: 'low' }).candidates
    expect(candidate?.standing.evidence.tier).toBe(0)
    expect(candidate?.standing.article).toEqual({
      tier: null,
      refusal: { code: 'unreliable', index: -40, atLeast: -30 },
    })
  })
})

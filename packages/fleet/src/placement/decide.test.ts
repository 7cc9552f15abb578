import { describe, expect, test } from 'vitest'
import { gemma4 } from '../catalogue/catalogue'
import { decide } from './decide'
import { measuredBy, type PlacementDevice } from './device'
import { device, GB, resolved, transcribe } from './example'
import { explain } from './explain'
import { holdOptionsOf } from './fit'
import type { Workload } from './workload'

const outcomeOf = (device: PlacementDevice, more: Partial<Workload> = {}, catalogue = resolved) =>
  decide(device, catalogue, { ...transcribe, ...more }).outcome

test('of two builds the one whose files are resolved comes first, whatever it scores', () => {
  const isBest = ({ id }: { id: string }) => id === 'e2b-q8_0'
  const open = gemma4.builds.filter(isBest)
  const catalogue = { ...resolved, builds: [...open, ...resolved.builds.filter((build) => !isBest(build))] }
  expect(outcomeOf(device())).toEqual({ kind: 'assign', build: 'e2b-q8_0' })
  expect(outcomeOf(device(), {}, catalogue)).toEqual({ kind: 'assign', build: 'e2b-ud-q6_k_xl' })
  expect(outcomeOf(device(), {}, { ...resolved, builds: open })).toEqual({ kind: 'unresolved', build: 'e2b-q8_0' })
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

  test('gets a proposal for what the matrix chooses, where it runs what the matrix only accepts', () => {
    const accelerators = [{ kind: 'nvidia' as const, name: 'RTX 4090', totalBytes: 25.7 * GB, freeBytes: 25 * GB }]
    const box = device({ accelerators }, { serving: { build: '26b-a4b-qat-ud-q4_k_xl' } })
    const code = { useCases: ['code' as const], gainToChange: 10 }
    expect(outcomeOf(box, code)).toEqual({
      kind: 'propose',
      build: '31b-qat-ud-q4_k_xl',
      instead: '26b-a4b-qat-ud-q4_k_xl',
      gain: null,
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

describe('a pinned build', () => {
  const decided = (pin: string, more: Partial<Workload> = {}) =>
    decide(device(), resolved, { ...transcribe, ...more, pin })

  test('is chosen and no other, whatever the policy wants, and that is said', () => {
    const code = decided('e2b-ud-q6_k_xl', { useCases: ['code'] })
    expect(code.outcome).toEqual({ kind: 'assign', build: 'e2b-ud-q6_k_xl' })
    expect(explain(code, resolved).because[0]).toMatch(/^it is pinned, although the policy wants /)
    expect(code.candidates.filter(({ refusals }) => !refusals.some(({ code }) => code === 'not-pinned'))).toHaveLength(
      1,
    )
  })

  test('that does not fit is refused by what it lacks, and nothing stands in for it', () => {
    const large = decided('31b-q4_k_m')
    expect(large.outcome).toEqual({ kind: 'refused', closest: '31b-q4_k_m', offer: null })
    expect(explain(large, resolved).because[0]).toMatch(/comes nearest: .* of memory/)
  })

  test('that the catalogue lost is named', () => {
    const lost = decided('gone')
    expect(lost.outcome).toEqual({ kind: 'refused', closest: null, offer: null })
    expect(explain(lost, resolved).because).toEqual(['gone is pinned, and the catalogue does not have it'])
  })
})

test('the engine holds a build as its memory was counted, in memory or on the cards', () => {
  const options = { context: 4096, slots: 1, cacheType: 'f16', microBatch: 512 } as const
  expect(holdOptionsOf({ pool: 'cards', options })).toEqual({ ...options, pool: 'card' })
  expect(holdOptionsOf({ pool: 'unified', options })).toEqual({ ...options, pool: 'memory' })
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

describe('the languages that are spoken', () => {
  const quality = (languages: string[] | undefined, variant: string) =>
    decide(device({ memory: { totalBytes: 32 * GB } }), resolved, { ...transcribe, languages }).candidates.find(
      (one) => one.variant === variant,
    )?.scores?.quality

  test('decide what a variant is worth: E2B hears Arabic better than E4B, and English worse', () => {
    expect(quality(['ar'], 'e2b')).toBe(1)
    expect(quality(['ar'], 'e4b')).toBeCloseTo(0.143 / 0.162, 5)
    expect(quality(['en'], 'e2b')).toBeCloseTo(0.065 / 0.08, 5)
    expect(quality(['en'], 'e4b')).toBe(1)
  })

  test('count as half-known when nobody has tested one of them', () => {
    expect(quality(['es', 'pl'], 'e2b')).toBe(0.5)
    expect(quality(undefined, 'e2b')).not.toBe(0.5)
  })
})

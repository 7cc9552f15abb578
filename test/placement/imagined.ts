import type { PlacementDevice, Workload } from '@tradewind/fleet'
import { type Facts, useCases } from '@tradewind/protocol'
import fc from 'fast-check'
import { hosts } from './hosts'

const GB = 1e9
const bytes = (from: number, to: number) => fc.integer({ min: from * GB, max: to * GB })
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

const memory = fc
  .record({ totalBytes: bytes(1, 256), free: optional(fc.double({ min: 0, max: 1, noNaN: true })) })
  .map(({ totalBytes, free }) => ({
    totalBytes,
    ...(free === undefined ? {} : { availableBytes: Math.floor(totalBytes * free) }),
  }))

const card = fc
  .record({
    totalBytes: fc.constantFrom(4, 8, 12, 16, 24, 32, 48, 80).map((size) => size * 2 ** 30),
    free: optional(fc.double({ min: 0, max: 1, noNaN: true })),
    name: fc.constantFrom('NVIDIA GeForce RTX 4090', 'NVIDIA GeForce RTX 3060', 'some card'),
  })
  .map(({ totalBytes, free, name }) => ({
    ...{ kind: 'nvidia' as const, name, totalBytes },
    ...(free === undefined ? {} : { freeBytes: Math.floor(totalBytes * free) }),
  }))

const facts: fc.Arbitrary<Facts> = fc
  .record({
    memory: optional(memory),
    accelerators: optional(fc.array(card, { maxLength: 4 })),
    platform: fc.constantFrom('linux', 'android', 'darwin'),
    board: optional(fc.constantFrom('Raspberry Pi 5 Model B Rev 1.0', 'PRIME B650-PLUS')),
    freeBytes: optional(bytes(0, 500)),
    celsius: optional(fc.double({ min: 10, max: 100, noNaN: true })),
    onBattery: fc.boolean(),
  })
  .map(({ memory, accelerators, platform, board, freeBytes, celsius, onBattery }) => ({
    ...(memory && { memory }),
    ...(accelerators && { accelerators }),
    ...(board && { board: { model: board } }),
    ...(freeBytes !== undefined && { storage: { path: '/', totalBytes: 500 * GB, freeBytes } }),
    ...(celsius !== undefined && { thermal: { zones: [{ name: 'cpu', celsius }] } }),
    ...(onBattery && { power: { source: 'battery' as const } }),
    os: { platform: platform as 'linux', name: platform, kernel: '1' },
    cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: ['asimddp'] },
  }))

/** Hosts that may exist, with the captured ones among them. */
export const devices: fc.Arbitrary<PlacementDevice> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...hosts.values()) },
  { weight: 4, arbitrary: facts.map((facts) => ({ deviceClass: 'v1:0000000000000000', facts })) },
)

const plain: fc.Arbitrary<Workload> = fc.record({
  id: fc.constant('plain'),
  useCases: fc.constantFrom(...useCases).map((one) => [one]),
  context: fc.integer({ min: 256, max: 131_072 }),
})

const demanding: fc.Arbitrary<Workload> = fc.record({
  id: fc.constant('demanding'),
  useCases: fc.uniqueArray(fc.constantFrom(...useCases), { minLength: 1, maxLength: 3 }),
  context: fc.integer({ min: 256, max: 300_000 }),
  slots: fc.integer({ min: 1, max: 4 }),
  policy: fc.constantFrom('evidence' as const, 'article' as const),
  hears: fc.boolean(),
  hallucination: fc.constantFrom('low' as const, 'any' as const),
  monthlyUsers: fc.constantFrom(0, 1e9),
  generationPerSecond: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
  firstTokenSeconds: fc.option(fc.integer({ min: 1, max: 600 }), { nil: undefined }),
  languages: fc.option(fc.subarray(['es', 'ar', 'pl']), { nil: undefined }),
  realTimeFactor: fc.option(fc.double({ min: 0.1, max: 3, noNaN: true }), { nil: undefined }),
})

export const workloads = fc.oneof({ weight: 2, arbitrary: plain }, { weight: 1, arbitrary: demanding })

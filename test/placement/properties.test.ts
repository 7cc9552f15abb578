import { decide, type Measurement, measuredBy, memoryNeed, type PlacementDevice, poolsOf } from '@tradewind/fleet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resolved } from './hosts'
import { devices, workloads } from './imagined'

const variantOf = (id: string) => {
  const found = resolved.variants.find((variant) => variant.id === id)
  if (!found) throw new Error(id)
  return found
}
const isPlaced = (kind: string) => kind !== 'refused'

/** The same machine with so much more free, in its memory and on its cards. */
function roomier({ facts, ...device }: PlacementDevice, more: number): PlacementDevice {
  const { memory, accelerators } = facts
  return {
    ...device,
    facts: {
      ...facts,
      ...(memory && {
        memory: {
          totalBytes: memory.totalBytes + more,
          ...(memory.availableBytes !== undefined && { availableBytes: memory.availableBytes + more }),
        },
      }),
      ...(accelerators && {
        accelerators: accelerators.map((card) =>
          card.freeBytes === undefined ? card : { ...card, freeBytes: card.freeBytes + more },
        ),
      }),
    },
  }
}

describe('whatever the device and the workload', () => {
  test('of 1,000 automatic placements none needs more than the host has free by the upper bound', () => {
    let placed = 0
    fc.assert(
      fc.property(devices, workloads, (device, workload) => {
        const { outcome, candidates } = decide(device, resolved, workload)
        if (outcome.kind === 'refused') return
        const chosen = candidates.find(({ build }) => build === outcome.build)
        const build = resolved.builds.find(({ id }) => id === outcome.build)
        if (!chosen?.fit || !build) throw new Error('placed without a fit')
        placed++
        const { pool, cards, options } = chosen.fit
        expect(options.context).toBe(workload.context * (workload.slots ?? 1))
        const need = memoryNeed(variantOf(build.variant), build, options, cards).total
        const { accelerators = [], memory } = device.facts
        const free = accelerators
          .flatMap(({ totalBytes, freeBytes = totalBytes }) => freeBytes ?? [])
          .sort((a, b) => b - a)
        const have =
          pool === 'cards'
            ? free.slice(0, cards).reduce((sum, one) => sum + one, 0)
            : (memory?.availableBytes ?? memory?.totalBytes ?? 0)
        expect(need).toBeLessThanOrEqual(have)
      }),
      { numRuns: 7_000 },
    )
    expect(placed).toBeGreaterThan(1_000)
  })

  test('more memory never turns a fit into a refusal', () => {
    fc.assert(
      fc.property(devices, workloads, fc.integer({ min: 0, max: 64e9 }), (device, workload, more) => {
        const before = decide(device, resolved, workload).outcome.kind
        if (isPlaced(before))
          expect(isPlaced(decide(roomier(device, more), resolved, workload).outcome.kind)).toBe(true)
      }),
    )
  })

  test('a decision is the same again, and in whatever order the builds come', () => {
    const shuffled = fc.shuffledSubarray(resolved.builds, { minLength: resolved.builds.length })
    fc.assert(
      fc.property(devices, workloads, shuffled, (device, workload, builds) => {
        const first = decide(device, resolved, workload)
        expect(decide(device, resolved, workload)).toEqual(first)
        const other = decide(device, { ...resolved, builds }, workload)
        expect(other.outcome).toEqual(first.outcome)
        expect(other.other).toEqual(first.other)
      }),
    )
  })

  test('every build is judged, and whoever is refused has a code and numbers', () => {
    fc.assert(
      fc.property(devices, workloads, (device, workload) => {
        const { candidates, policy } = decide(device, resolved, workload)
        expect(candidates.map(({ build }) => build)).toEqual(resolved.builds.map(({ id }) => id))
        for (const { refusals, standing } of candidates) {
          const stands = standing[policy]
          for (const refusal of stands.tier === null ? [...refusals, stands.refusal] : refusals) {
            expect(refusal.code).toMatch(/^[a-z-]+$/)
            const numbers = Object.values(refusal).filter((value) => typeof value === 'number')
            expect(numbers.length, refusal.code).toBeGreaterThan(0)
          }
        }
      }),
    )
  })

  test('a higher measured speed never lowers the score', () => {
    const speeds = fc.record({
      promptPerSecond: fc.double({ min: 0.1, max: 5_000, noNaN: true }),
      generationPerSecond: fc.double({ min: 0.1, max: 500, noNaN: true }),
    })
    const faster = fc.double({ min: 1, max: 10, noNaN: true })
    fc.assert(
      fc.property(
        devices,
        workloads,
        fc.constantFrom(...resolved.builds),
        speeds,
        faster,
        (device, workload, { id }, speed, by) => {
          const scoreAt = (factor: number) => {
            const measured: Measurement = {
              build: id,
              deviceClass: device.deviceClass,
              promptPerSecond: speed.promptPerSecond * factor,
              generationPerSecond: speed.generationPerSecond * factor,
            }
            const { candidates } = decide(device, resolved, workload, measuredBy([measured]))
            return candidates.find(({ build }) => build === id)?.score ?? 0
          }
          expect(scoreAt(by)).toBeGreaterThanOrEqual(scoreAt(1))
        },
      ),
    )
  })

  test('no pool is larger than what is there', () => {
    fc.assert(
      fc.property(devices, (device) => {
        const { memory, accelerators = [] } = device.facts
        const cards = accelerators.reduce((sum, { totalBytes = 0 }) => sum + totalBytes, 0)
        for (const { kind, usableBytes } of poolsOf(device))
          expect(usableBytes).toBeLessThan(kind === 'cards' ? cards : Math.max(1, memory?.totalBytes ?? 0))
      }),
    )
  })
})

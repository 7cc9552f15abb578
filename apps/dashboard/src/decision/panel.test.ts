import { decide, deviceClassOf, gemma4, measuredBy, type PlacementDevice, type Workload } from '@tradewind/fleet'
import type { BuildMeasured, Catalogue, Facts } from '@tradewind/protocol'
import { describe, expect, test } from 'vitest'
import { type Panel, panelOf } from './panel'

const GB = 1e9

const catalogue: Catalogue = {
  ...gemma4,
  builds: gemma4.builds.map((build) => ({
    ...build,
    files: build.files.map((file, i) => ({
      ...file,
      exact: true,
      commit: 'c'.repeat(40),
      sha256: `${i}${build.id}`
        .replace(/[^0-9a-f]/g, '0')
        .padEnd(64, '0')
        .slice(0, 64),
    })),
  })),
}
const facts: Facts = {
  cpu: { architecture: 'aarch64', model: 'Cortex-A76', logicalCores: 4, features: ['asimddp'] },
  memory: { totalBytes: 8.45 * GB },
  board: { model: 'Raspberry Pi 5 Model B Rev 1.0' },
  storage: { path: '/', totalBytes: 250 * GB, freeBytes: 100 * GB },
}
const calls: Workload = { id: 'calls', useCases: ['transcription'], context: 4096 }
const deviceClass = deviceClassOf(facts)
const pi = (more: Partial<PlacementDevice> = {}): PlacementDevice => ({ deviceClass, facts, ...more })

type Asked = { device?: PlacementDevice; workload?: Workload; isAsked?: boolean; own?: BuildMeasured[] }

function panel({ device = pi(), workload = calls, isAsked = true, own = [] }: Asked = {}): Panel {
  const measured = measuredBy(own)
  return panelOf({
    ...{ device, catalogue, isAsked, measured, own },
    decision: decide(device, catalogue, workload, measured),
    predicted: decide(device, catalogue, workload),
    ownContext: calls.context,
  })
}
const rowOf = ({ candidates }: Panel, build: string) => {
  const row = candidates.find((one) => one.build === build)
  if (!row) throw new Error(`there is no ${build}`)
  return row
}
const measuredHere: BuildMeasured = {
  build: 'e2b-q8_0',
  at: 1_790_000_000_000,
  deviceClass,
  engine: { name: 'llama-server', version: 'b9297', commit: null },
  generationPerSecond: 5,
  residentBytes: 5 * GB,
}

describe('the panel of a Pi for calls', () => {
  test('has every build once, the chosen one first, and of each whether it fits or why not', () => {
    const { candidates, subject } = panel()
    expect(candidates.map(({ build }) => build).toSorted()).toEqual(gemma4.builds.map(({ id }) => id).toSorted())
    expect(candidates[0]).toMatchObject({ build: 'e2b-q8_0', verdict: 'fits', role: 'chosen', reasons: [] })
    expect(subject?.build).toBe('e2b-q8_0')
    for (const row of candidates)
      if (row.verdict === 'refused') {
        expect(row.reasons[0]).toMatchObject({ says: expect.stringMatching(/\S/), needs: expect.stringMatching(/\S/) })
        expect(row.reasons.some(({ numbers }) => numbers.includes(': '))).toBe(true)
      }
  })

  test('says of its memory where every byte goes: what is needed, free and in reserve is all there is', () => {
    const { subject } = panel()
    const parts = subject?.parts
    if (!parts || !subject?.needBytes || !subject.haveBytes) throw new Error('its memory is known')
    const needed = parts.weights + parts.projector + parts.cache + parts.working + parts.extra
    expect(Math.abs(needed - subject.needBytes)).toBeLessThan(2)
    expect(parts.free).toBe(subject.haveBytes - subject.needBytes)
    expect(Math.round(needed + parts.free + (parts.reserve ?? 0))).toBe(Math.round(8.45 * GB))
  })

  test('says what it gives up against its neighbours, each line with two numbers and a source', () => {
    const { against } = panel()
    expect(against.map(({ size, variant }) => [size, variant])).toEqual([['larger', 'Gemma 4 E4B']])
    const lost = against[0]?.lines.filter(({ better }) => better === 'there').map(({ name }) => name)
    expect(lost).toContain('MMLU Pro (%)')
    for (const { here, there, source } of against.flatMap(({ lines }) => lines))
      expect([here, there, source].every((text) => text.length > 0)).toBe(true)
  })

  test('says of less memory and of slower words that fewer are better and more are better', () => {
    const [larger] = panel().against
    const line = (name: string) => larger?.lines.find((one) => one.name.startsWith(name))
    expect(line('Memory needed')?.better).toBe('here')
    expect(line('Writes here')?.better).toBe('here')
    expect(line('FLEURS')?.better).toBe('there')
  })
})

test('what the device measured stands beside what was predicted before', () => {
  const { subject } = panel({ device: pi({ serving: { build: 'e2b-q8_0' } }), own: [measuredHere] })
  const writes = subject?.gifts.find(({ name }) => name === 'writes')
  expect(writes).toMatchObject({ measured: 5, predicted: { from: expect.stringMatching(/published|computed/) } })
  expect(writes?.predicted?.value).not.toBe(5)
  expect(subject).toMatchObject({ writes: { value: 5, from: 'here' }, held: { bytes: 5 * GB } })
})

test('a longer context refuses what has no room for it, and says how much it would need', () => {
  const small = pi({ facts: { ...facts, memory: { totalBytes: 8.45 * GB, availableBytes: 7 * GB } } })
  const longest = rowOf(panel({ device: small }), 'e2b-ud-q6_k_xl').longest
  const row = rowOf(panel({ device: small, workload: { ...calls, context: longest + 1 } }), 'e2b-ud-q6_k_xl')
  expect(longest).toBeGreaterThan(0)
  expect(row.verdict).toBe('refused')
  expect(row.reasons.map(({ code }) => code)).toContain(longest === 131_072 ? 'context-too-long' : 'memory-short')
})

test('the build that a device has is its subject, and another that is proposed says so', () => {
  const { subject, candidates, outcome } = panel({
    device: pi({ serving: { build: 'e2b-ud-q6_k_xl' } }),
    workload: { ...calls, gainToChange: 0.01 },
  })
  expect([outcome, subject?.build, subject?.role]).toEqual(['propose', 'e2b-ud-q6_k_xl', 'has'])
  expect(candidates[0]).toMatchObject({ build: 'e2b-q8_0', role: 'proposed' })
})

test('without a workload nothing is said to be right: what fits is shown, and what the device has', () => {
  const nobody = { id: 'unasked', useCases: [], context: 4096 }
  const idle = panel({ workload: nobody, isAsked: false })
  expect([idle.outcome, idle.words, idle.subject]).toEqual([null, null, null])
  expect(idle.candidates.every(({ role }) => role === null)).toBe(true)
  const serving = panel({ device: pi({ serving: { build: 'e2b-q8_0' } }), workload: nobody, isAsked: false })
  expect(serving.subject?.build).toBe('e2b-q8_0')
})

test('a build that the catalogue has lost has no panel of its own, and breaks nothing', () => {
  const { subject, has } = panel({ device: pi({ serving: { build: 'gone' } }) })
  expect([subject, has]).toEqual([null, 'gone'])
})

test('what is on the disk already is not fetched again', () => {
  const build = catalogue.builds.find(({ id }) => id === 'e2b-q8_0')
  const holds = new Set(build?.files.map(({ sha256 }) => sha256 ?? ''))
  expect(rowOf(panel(), 'e2b-q8_0').fetchBytes).toBeGreaterThan(0)
  expect(rowOf(panel({ device: pi({ holds }) }), 'e2b-q8_0').fetchBytes).toBe(0)
})

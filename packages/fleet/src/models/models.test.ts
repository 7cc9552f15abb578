import { describe, expect, test } from 'vitest'
import { gemma4 } from '../catalogue/catalogue'
import { claims } from '../catalogue/claims'
import { decide } from '../placement/decide'
import type { PlacementDevice } from '../placement/device'
import { matrixOf } from './matrix'
import { ownFigures, reachOf } from './reach'

const GiB = 2 ** 30
const resolved = {
  ...gemma4,
  builds: gemma4.builds.map((build) => ({
    ...build,
    files: build.files.map((file) => ({ ...file, commit: 'a'.repeat(40), exact: true, sha256: 'b'.repeat(64) })),
  })),
}
const pi = (gigabytes: number, freeDisk = 100): PlacementDevice => ({
  deviceClass: `pi ${gigabytes}`,
  facts: {
    board: { model: 'Raspberry Pi 5 Model B' },
    memory: { totalBytes: gigabytes * GiB, availableBytes: gigabytes * 0.9 * GiB },
    storage: { path: '/', totalBytes: 256 * GiB, freeBytes: freeDisk * GiB },
  },
})

describe('the matrix', () => {
  const matrix = matrixOf(gemma4)
  const rows = new Map(matrix.groups.flatMap((group) => group.rows).map((row) => [row.id, row]))
  const cell = (row: string, variant: string) =>
    rows.get(row)?.cells[matrix.variants.findIndex(({ id }) => id === variant)]

  test('has a cell for each variant in each row, and each known one says its source and standing', () => {
    for (const { cells } of rows.values()) {
      expect(cells).toHaveLength(gemma4.variants.length)
      for (const { value, source, standing } of cells)
        expect([source === null, standing === null]).toEqual([value.kind === 'unknown', value.kind === 'unknown'])
    }
  })

  test.each([
    ['mrcr8Needle128k', '31b', { value: { value: 66.4, unit: 'percent' }, standing: 'confirmed', best: true }],
    ['mrcr8Needle128k', 'e2b', { value: { value: 19.1 }, best: false }],
    ['fleursErrors', '12b', { value: { value: 0.069 }, best: true }],
    ['hears', '31b', { value: { kind: 'no' }, claims: [{ id: 'large-deaf', standing: 'confirmed' }] }],
    ['aaOmniscience', '12b', { value: { kind: 'unknown' }, standing: null, source: null }],
    ['aaOmniscience', 'e2b', { value: { value: -20 }, standing: 'article-only', best: false }],
    ['licence', 'e4b', { value: { text: 'Apache License 2.0' }, standing: 'confirmed' }],
    ['total', 'e2b', { value: { value: 5.1e9, unit: 'parameters' }, best: true }],
  ])('tells %s of %s', (row, variant, told) => {
    expect(cell(row, variant)).toMatchObject(told)
  })

  test('shows what the article says beside the correction, in the cell that it is about', () => {
    expect(cell('limitation', '26b-a4b')).toMatchObject({
      value: { text: expect.stringContaining('degrades, does not fail') },
      claims: [{ says: 'fails beyond 80K context', standing: 'contradicted' }],
    })
    expect(cell('liveCodeBench6', '26b-a4b')?.claims).toMatchObject([{ id: 'live-code-gap' }])
    expect(cell('liveCodeBench6', '31b')?.claims).toEqual([])
    expect(rows.get('aaOmniscience')?.claims.map(({ id }) => id)).toContain('omniscience-direction')
  })

  test('leaves no contradicted claim on Gemma 4 out', () => {
    const shown = new Set(
      [...rows.values()]
        .flatMap((row) => [...row.claims, ...row.cells.flatMap((one) => one.claims)])
        .map(({ id }) => id),
    )
    const ofOthers = ['omniscience-qwen', 'omniscience-llama']
    const missing = claims.filter(({ id, standing }) => standing === 'contradicted' && !shown.has(id))
    expect(missing.map(({ id }) => id).filter((id) => !ofOthers.includes(id))).toEqual([])
  })

  test('lists memory by build, the largest first', () => {
    const { value } = cell('memory', 'e2b') ?? {}
    const bytes = value?.kind === 'builds' ? value.builds.map((one) => one.bytes) : []
    expect(bytes).toHaveLength(gemma4.builds.filter(({ variant }) => variant === 'e2b').length)
    expect(bytes).toEqual(bytes.toSorted((a, b) => b - a))
  })

  test('takes a variant that people added as it comes', () => {
    const [first] = gemma4.variants
    if (!first) throw new Error('there is none')
    const more = matrixOf({ ...gemma4, variants: [...gemma4.variants, { ...first, id: 'e3b', figures: {} }] })
    expect(more.groups[1]?.rows[1]?.cells.at(-1)?.value).toEqual({ kind: 'unknown' })
  })
})

describe('reach', () => {
  test.each([
    [4, { e2b: false, '31b': false }],
    [8, { e2b: true, '31b': false }],
    [16, { e2b: true, e4b: true, '12b': true, '31b': false }],
    [64, { e2b: true, '26b-a4b': true, '31b': true }],
  ])('of a Pi with %i GB', (memory, wanted) => {
    const reach = reachOf(resolved, 4096)(pi(memory))
    const can = Object.fromEntries(Object.keys(wanted).map((id) => [id, reach.get(id)?.can]))
    expect(can).toEqual(wanted)
  })

  test('says why not, of the build that comes nearest', () => {
    const small = reachOf(resolved, 4096)(pi(4)).get('e2b')
    expect(small).toMatchObject({ can: false, refusals: [{ code: 'memory-short' }] })
    const full = reachOf(resolved, 4096)(pi(16, 1)).get('e2b')
    expect(full).toMatchObject({ can: false, refusals: [{ code: 'disk-short' }] })
  })

  test('tells a context that placement would grant, and not one that it would refuse', () => {
    const device = pi(8)
    const reach = reachOf(resolved, 4096)(device).get('e4b')
    if (!reach?.can) throw new Error('it cannot')
    const granted = (context: number) =>
      decide(device, resolved, { id: 'x', useCases: [], context, pin: reach.build }).outcome.kind
    expect(reach.longestContext).toBeGreaterThanOrEqual(4096)
    expect(granted(reach.longestContext)).toBe('assign')
    if (reach.longestContext < 131_072) expect(granted(reach.longestContext + 8192)).toBe('refused')
  })

  test('takes files that nobody resolved for no fault of the device, and says so', () => {
    expect(reachOf(gemma4, 4096)(pi(16)).get('e2b')).toMatchObject({ can: true, resolved: false })
    expect(reachOf(resolved, 4096)(pi(16)).get('e2b')).toMatchObject({ can: true, resolved: true })
  })
})

test('own figures are one row for each build and class, unknown where nothing was measured', () => {
  const on = (deviceClass: string, generationPerSecond?: number) => ({
    build: 'e2b-q8_0',
    deviceClass,
    generationPerSecond,
  })
  expect(ownFigures([on('a', 5), on('a', 7), on('a', 6), on('b')])).toEqual([
    {
      ...{ build: 'e2b-q8_0', deviceClass: 'a', devices: 3, residentBytes: null, estimatedBytes: null },
      generationPerSecond: { least: 5, middle: 6, most: 7 },
    },
    {
      ...{ build: 'e2b-q8_0', deviceClass: 'b', devices: 1, residentBytes: null, estimatedBytes: null },
      generationPerSecond: null,
    },
  ])
})

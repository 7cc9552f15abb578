import { describe, expect, test } from 'vitest'
import { transcribe } from './example'
import { type Workload, workloadFor } from './workload'

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
    const selection = workloadFor({ id: 'a', labels }, workloads)
    const said =
      selection.kind === 'one'
        ? selection.workload.id
        : selection.kind === 'tie'
          ? `tie of ${selection.workloads.map(({ id }) => id).join(', ')}`
          : 'none'
    expect(said).toBe(expected)
  })

  test('is one that names it, among those whose labels it has', () => {
    const named: Workload[] = [
      { ...transcribe, id: 'trial', priority: 9, devices: ['a', 'b'], selects: { site: 'shop' } },
    ]
    const of = (id: string, site: string) => workloadFor({ id, labels: { site } }, named).kind
    expect([of('a', 'shop'), of('a', 'office'), of('c', 'shop')]).toEqual(['one', 'none', 'none'])
  })

  test('is none where none selects it', () => {
    expect(workloadFor({ id: 'a' }, workloads.slice(1))).toEqual({ kind: 'none' })
  })
})

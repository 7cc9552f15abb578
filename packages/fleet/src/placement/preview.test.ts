import { describe, expect, test } from 'vitest'
import { device, GB, resolved, transcribe } from './example'
import { preview } from './preview'
import type { Workload } from './workload'

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

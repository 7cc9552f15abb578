import type { ProposalRow } from '@tradewind/store'
import { expect, test } from 'vitest'
import { groupProposals } from './group-proposals'

const proposal = (deviceName: string, more: Partial<ProposalRow> = {}): ProposalRow => ({
  ...{ deviceId: `id-${deviceName}`, deviceName, atMs: 1, workloadId: 'calls', workloadVersion: 1 },
  ...{ build: 'large', instead: 'small', gain: 0.2, dismissedMs: null, dismissedBy: null },
  ...more,
})

test('the same change is one group, by name, with the span of its gains; the largest group comes first', () => {
  const groups = groupProposals([
    proposal('z', { workloadId: 'tills' }),
    proposal('b', { gain: 0.4 }),
    proposal('a', { gain: null }),
    proposal('same', { workloadId: 'tills', instead: 'large', gain: null }),
  ])
  expect(groups.map(({ rows }) => rows.map(({ deviceName }) => deviceName))).toEqual([['a', 'b'], ['z'], ['same']])
  expect(groups[0]).toMatchObject({ gain: { least: 0.4, most: 0.4 }, mustGo: 1 })
  expect(groups[2]).toMatchObject({ gain: null, mustGo: 0 })
})

import type { UnplacedRow, WorkloadRow } from '@tradewind/store'
import { expect, test } from 'vitest'
import { shapeWorkloads } from './shape-workloads'

const row = (id: string, version = 1, placedVersion = 1): WorkloadRow => ({
  ...{ id, version, placedVersion, workload: { id, useCases: ['transcription'], context: 4096 } },
  ...{ rolloutPlan: null, createdMs: 1, changedMs: 2, changedBy: 'user:ada' },
})
const unplaced = (deviceId: string, kind: UnplacedRow['kind'], more: Partial<UnplacedRow>): UnplacedRow => ({
  ...{ deviceId, deviceName: deviceId, atMs: 1, kind, workloadId: null, workloadVersion: null, build: null },
  detail: { refusals: [], offer: null },
  ...more,
})

test('each workload has its devices by build, its trouble, ties of several with each, and the rollout under way', () => {
  const [calls, tills] = shapeWorkloads({
    workloads: [row('calls', 2, 1), row('tills')],
    holds: [
      { workloadId: 'calls', build: 'small', devices: 30 },
      { workloadId: 'calls', build: 'large', devices: 4 },
      { workloadId: 'gone', build: 'large', devices: 1 },
    ],
    proposals: [{ workloadId: 'tills' }],
    unplaced: [
      unplaced('a', 'refused', { workloadId: 'calls' }),
      unplaced('b', 'tie', { detail: { priority: 0, workloads: ['calls', 'tills'] } }),
    ],
    rollouts: [
      { id: 'r2', workloadId: 'calls', state: 'paused', endedAt: null },
      { id: 'r1', workloadId: 'tills', state: 'done', endedAt: 5 },
    ],
  })
  expect(calls).toMatchObject({
    ...{ devices: 34, isWaiting: true, refused: 1, tied: 1, proposals: 0 },
    builds: [{ build: 'small', devices: 30 }, { build: 'large' }],
    rollout: { id: 'r2', state: 'paused' },
  })
  expect(tills).toMatchObject({
    devices: 0,
    builds: [],
    isWaiting: false,
    refused: 0,
    tied: 1,
    proposals: 1,
    rollout: null,
  })
})

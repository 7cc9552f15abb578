import type { Seeking } from '@tradewind/protocol'
import { expect, test } from 'vitest'
import { progressOf, stepStates } from './progress'

const assigned = (assignedRevision: number, revisionSeen: number, revisionApplied: number) => ({
  assignedRevision,
  revisionSeen,
  revisionApplied,
  latest: null,
})
const seeking = (is: Seeking['is'], revision: number): Seeking => ({
  is,
  revision,
  build: 'e2b-q8_0',
  step: 'fetch',
  since: 1,
  reason: null,
})
const failure = { code: 'too-slow', detail: 'fetch' }

test.each<[string, Parameters<typeof progressOf>[0], string]>([
  ['that was never assigned anything', { assignment: null, seeking: null, failure: null }, 'settled'],
  [
    'that has what it should',
    { assignment: assigned(3, 3, 3), seeking: seeking('converged', 3), failure: null },
    'settled',
  ],
  ['that was away', { assignment: assigned(3, 2, 2), seeking: seeking('converged', 2), failure: null }, 'unheard'],
  ['that fetches', { assignment: assigned(3, 3, 2), seeking: seeking('working', 3), failure: null }, 'working'],
  ['that waits', { assignment: assigned(3, 3, 2), seeking: seeking('blocked', 3), failure }, 'blocked'],
  ['that only said that it failed', { assignment: assigned(3, 3, 2), seeking: null, failure }, 'failed'],
])('a device %s', (_, known, is) => {
  expect(progressOf(known).is).toBe(is)
})

test('what stands before the step of now is behind, what stands after it ahead', () => {
  expect(stepStates('verify')).toEqual({
    'make-room': 'done',
    fetch: 'done',
    verify: 'now',
    'stop-engine': 'ahead',
    'start-engine': 'ahead',
    'smoke-test': 'ahead',
    commit: 'ahead',
  })
  expect(Object.values(stepStates('roll-back')).every((state) => state === 'ahead')).toBe(true)
})

import { meaningOf } from '@tradewind/fleet'
import { expect, test } from 'vitest'
import type { Attention } from '../server/attention'
import { attentionItems, placeOf } from './attention-items'

const group = (code: 'lost' | 'hot' | 'slow', severity: 'critical' | 'warning') => ({
  ...{ code, severity, sinceMs: 1, devices: 2, first: [], ...meaningOf(code) },
})
const words = { title: 'a', means: 'b', toDo: 'c', devices: 1, sinceMs: 1 }
const paused = { ...words, code: 'rollout-paused' as const, severity: 'critical' as const, rolloutId: 'r1' }
const parked = { ...words, code: 'parked' as const, severity: 'notice' as const }
const unplaced = { ...words, code: 'unplaced' as const, severity: 'warning' as const }

test('what is critical stands first, the fleet before its devices, causes before what they cause', () => {
  const attention: Pick<Attention, 'groups' | 'fleet'> = {
    groups: [group('lost', 'critical'), group('hot', 'critical'), group('slow', 'warning')],
    fleet: [parked, unplaced, paused],
  }
  expect(attentionItems(attention).map(({ key }) => key)).toEqual([
    'rollout-paused 2',
    'lost',
    'hot',
    'unplaced 1',
    'slow',
    'parked 0',
  ])
})

test.each([
  [paused, '/rollouts/r1'],
  [unplaced, '/proposals'],
  [parked, '/devices'],
])('%j leads to %s', (problem, href) => {
  expect(placeOf(problem).href).toBe(href)
})

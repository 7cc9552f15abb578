import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SyncState, syncOf, syncStates } from './sync'

test.each<[boolean, number, number, string | null, SyncState]>([
  // report, assigned, applied, failure
  [false, 0, 0, null, 'unknown'],
  [false, 3, 3, null, 'unknown'],
  [false, 3, 0, 'no-space', 'unknown'],
  [true, 0, 0, null, 'registered'],
  [true, 0, 0, 'no-space', 'registered'],
  [true, 0, 5, null, 'registered'],
  [true, 3, 0, null, 'pending'],
  [true, 3, 2, null, 'pending'],
  [true, 3, 2, 'no-space', 'failed'],
  [true, 3, 3, null, 'in-sync'],
  [true, 3, 3, 'no-space', 'in-sync'],
  [true, 3, 4, null, 'in-sync'],
])(
  'report %s, assigned %i, applied %i, failure %s: %s',
  (hasReport, assignedRevision, appliedRevision, failureCode, state) => {
    expect(syncOf({ hasReport, assignedRevision, appliedRevision, failureCode })).toBe(state)
  },
)

test('no device is in sync before it applied its assignment, whatever else is true', () => {
  const input = fc.record({
    hasReport: fc.boolean(),
    assignedRevision: fc.nat({ max: 4 }),
    appliedRevision: fc.nat({ max: 4 }),
    failureCode: fc.constantFrom(null, 'no-space'),
  })
  fc.assert(
    fc.property(input, (input) => {
      const state = syncOf(input)
      expect(syncStates).toContain(state)
      if (state === 'in-sync') expect(input.appliedRevision).toBeGreaterThanOrEqual(input.assignedRevision)
      if (state === 'failed') expect(input.failureCode).not.toBeNull()
    }),
  )
})

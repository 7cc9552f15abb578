import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SyncState, syncOf, syncStates } from './sync'

test.each<[boolean, number, number, number, string | null, SyncState]>([
  // report, assigned, seen, applied, failure
  [false, 0, 0, 0, null, 'unknown'],
  [false, 3, 3, 3, null, 'unknown'],
  [false, 3, 3, 0, 'no-space', 'unknown'],
  [true, 0, 0, 0, null, 'registered'],
  [true, 0, 0, 0, 'no-space', 'registered'],
  [true, 0, 5, 5, null, 'registered'],
  [true, 3, 0, 0, null, 'pending'],
  [true, 3, 3, 2, null, 'pending'],
  [true, 3, 2, 1, 'no-space', 'pending'],
  [true, 3, 3, 2, 'no-space', 'failed'],
  [true, 3, 4, 2, 'no-space', 'failed'],
  [true, 3, 3, 3, null, 'in-sync'],
  [true, 3, 3, 3, 'no-space', 'in-sync'],
  [true, 3, 4, 3, null, 'in-sync'],
  [true, 3, 5, 5, null, 'failed'],
])(
  'report %s, assigned %i, seen %i, applied %i, failure %s: %s',
  (hasReport, assignedRevision, seenRevision, appliedRevision, failureCode, state) => {
    expect(syncOf({ hasReport, assignedRevision, seenRevision, appliedRevision, failureCode })).toBe(state)
  },
)

const input = fc.record({
  hasReport: fc.boolean(),
  assignedRevision: fc.nat({ max: 4 }),
  seenRevision: fc.nat({ max: 4 }),
  appliedRevision: fc.nat({ max: 4 }),
  failureCode: fc.constantFrom(null, 'no-space'),
})

test('no device is in sync before it applied its assignment, whatever else is true', () => {
  fc.assert(
    fc.property(input, (input) => {
      const state = syncOf(input)
      expect(syncStates).toContain(state)
      if (state === 'in-sync') expect(input.appliedRevision).toBe(input.assignedRevision)
      if (state === 'failed')
        expect(input.failureCode !== null || input.appliedRevision > input.assignedRevision).toBe(true)
    }),
  )
})

test('a new assignment has not failed before the device has seen it', () => {
  fc.assert(
    fc.property(input, fc.integer({ min: 1, max: 4 }), (input, more) => {
      const assignedRevision = Math.max(input.assignedRevision, input.seenRevision, input.appliedRevision) + more
      expect(syncOf({ ...input, hasReport: true, assignedRevision })).toBe('pending')
    }),
  )
})

test('once it is in sync, nothing but a new assignment takes it out: not a failure, not another try', () => {
  fc.assert(
    fc.property(input, input, (known, { seenRevision, failureCode }) => {
      fc.pre(syncOf(known) === 'in-sync')
      expect(syncOf({ ...known, seenRevision, failureCode })).toBe('in-sync')
    }),
  )
})

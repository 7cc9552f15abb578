import { healthCodes, severities } from '@tradewind/fleet'
import { problemStates } from '@tradewind/store/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { noProblemFilters, problemQueryOf, readProblemFilters, writeProblemFilters } from './filters'

const filters = fc.record({
  state: fc.constantFrom(...problemStates),
  severity: fc.option(fc.constantFrom(...severities)),
  code: fc.option(fc.constantFrom(...healthCodes)),
  device: fc.option(fc.stringMatching(/^[a-z0-9]{1,12}$/)),
  page: fc.integer({ min: 1, max: 999 }),
})

test('what is written into the URL is read back', () => {
  fc.assert(
    fc.property(filters, (given) => {
      expect(readProblemFilters(new URLSearchParams(writeProblemFilters(given)))).toEqual(given)
    }),
  )
})

test.each(['', '?state=gone&severity=loud&code=sea-sick&page=-1', '?page=0', '?page=1e3'])(
  '%j is no filter',
  (query) => {
    expect(readProblemFilters(new URLSearchParams(query))).toEqual(noProblemFilters)
    expect(writeProblemFilters(noProblemFilters)).toBe('')
  },
)

test('the third page begins after two', () => {
  expect(problemQueryOf({ ...noProblemFilters, page: 3 }, 7)).toMatchObject({ offset: 200, limit: 100, nowMs: 7 })
})

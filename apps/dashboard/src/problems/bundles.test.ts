import { type HealthCode, healthCodes, type Severity, severities } from '@tradewind/fleet'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bundle } from './bundles'

const problem = fc.record({
  code: fc.constantFrom<HealthCode>(...healthCodes.slice(0, 3)),
  severity: fc.constantFrom<Severity>(...severities),
})

test('every problem is in one bundle, in the order given, beside its like', () => {
  fc.assert(
    fc.property(fc.array(problem), (problems) => {
      const bundles = bundle(problems)
      expect(bundles.flatMap((one) => one.problems)).toEqual(problems)
      for (const { code, severity, problems } of bundles)
        expect(problems.every((one) => one.code === code && one.severity === severity)).toBe(true)
      for (const [i, { code, severity }] of bundles.entries()) {
        const next = bundles[i + 1]
        expect(next?.code === code && next.severity === severity).toBe(false)
      }
      expect(new Set(bundles.map(({ key }) => key)).size).toBe(bundles.length)
    }),
  )
})

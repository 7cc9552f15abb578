import type { HealthProblem } from '@tradewind/fleet'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changesOf } from './changes'

const nowMs = 1_800_000_000_000
const hot: HealthProblem = {
  ...{ code: 'hot', about: null, severity: 'warning', sinceMs: nowMs - 60_000 },
  numbers: { celsius: 81.2, limitCelsius: 85 },
}
const lost: HealthProblem = { ...hot, code: 'lost', numbers: { seconds: 60 } }
const changes = (before: HealthProblem[], found: HealthProblem[]) => {
  const { begun, changed, ended } = changesOf('till', before, found, nowMs)
  return { begun: begun.length, changed: changed.length, ended: ended.length }
}
const none = { begun: 0, changed: 0, ended: 0 }

test.each<[string, HealthProblem[], HealthProblem[], Partial<typeof none>]>([
  ['what was not there begins', [], [hot], { begun: 1 }],
  ['what is not there any more ends', [hot], [], { ended: 1 }],
  ['what is the same is no news', [hot], [hot], {}],
  ['a number that trembles is no news', [hot], [{ ...hot, numbers: { celsius: 81.4, limitCelsius: 85 } }], {}],
  [
    'a number that reads otherwise is',
    [hot],
    [{ ...hot, numbers: { celsius: 83.4, limitCelsius: 85 } }],
    { changed: 1 },
  ],
  ['another severity is', [hot], [{ ...hot, severity: 'critical' }], { changed: 1 }],
  ['that time passes is no news', [lost], [{ ...lost, numbers: { seconds: 9000 } }], {}],
  ['what is about another thing is another problem', [hot], [{ ...hot, about: 'gpu' }], { begun: 1, ended: 1 }],
])('%s', (_, before, found, wanted) => {
  expect(changes(before, found)).toEqual({ ...none, ...wanted })
})

test('only what gets worse is worse than what people know', () => {
  const worse = (from: HealthProblem['severity'], to: HealthProblem['severity']) =>
    changesOf('till', [{ ...hot, severity: from }], [{ ...hot, severity: to }], nowMs).changed[0]?.isWorse
  expect([worse('warning', 'critical'), worse('critical', 'warning'), worse('notice', 'warning')]).toEqual([
    true,
    false,
    true,
  ])
})

test('whatever is found, it is the same as what was there with the changes made', () => {
  const problem = fc.record({
    ...{ code: fc.constantFrom('hot' as const, 'lost' as const), about: fc.constantFrom(null, 'a', 'b') },
    ...{ severity: fc.constantFrom('critical' as const, 'warning' as const), sinceMs: fc.constant(1) },
    numbers: fc.constant({}),
  })
  const list = fc.uniqueArray(problem, { selector: ({ code, about }) => `${code} ${about}` })
  const named = (problems: Pick<HealthProblem, 'code' | 'about' | 'severity'>[]) =>
    new Map(problems.map(({ code, about, severity }) => [`${code} ${about}`, severity]))
  fc.assert(
    fc.property(list, list, (before, found) => {
      const { begun, changed, ended } = changesOf('till', before, found, nowMs)
      const after = named(before)
      for (const { code, about } of ended) after.delete(`${code} ${about}`)
      for (const [name, severity] of named([...begun, ...changed])) after.set(name, severity)
      expect([...after].sort()).toEqual([...named(found)].sort())
    }),
  )
})

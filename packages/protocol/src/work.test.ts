import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Sample } from './messages'
import { addWork, Work, workNames } from './work'

const work: fc.Arbitrary<Work> = fc
  .record(
    Object.fromEntries(workNames.map((name) => [name, fc.integer({ min: 1, max: 1000 })])) as Record<
      keyof Work,
      fc.Arbitrary<number>
    >,
    { requiredKeys: [] },
  )
  .map((one) => ({ ...one }))

test('work adds up in any order, and nothing of it is lost', () => {
  fc.assert(
    fc.property(work, work, work, (a, b, c) => {
      expect(addWork(a, {})).toEqual(a)
      expect(addWork(a, b)).toEqual(addWork(b, a))
      expect(addWork(addWork(a, b), c)).toEqual(addWork(a, addWork(b, c)))
      for (const name of workNames) expect(addWork(a, b)[name] ?? 0).toBe((a[name] ?? 0) + (b[name] ?? 0))
    }),
  )
})

test('a sample of an older agent, or of an idle one, says nothing of work', () => {
  const sample = { seq: 1, mono: 1, at: 1 }
  expect(Sample.parse(sample)).toEqual(sample)
})

test.each([{ requests: -1 }, { requests: 0.5 }, { audioSeconds: -0.1 }, { audioSeconds: 1e300 }])(
  'what nobody can have done is refused: %o',
  (strange) => {
    expect(Work.safeParse(strange).success).toBe(false)
  },
)

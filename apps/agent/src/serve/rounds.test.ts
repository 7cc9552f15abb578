import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Rounds } from './rounds'

const all = <T>(rounds: Rounds<T>) => Array.from({ length: rounds.size }, () => rounds.take())

function waiting(...ones: string[]) {
  const rounds = new Rounds<string>()
  for (const one of ones) rounds.add(one.charAt(0), one)
  return rounds
}

test.each([
  ['one client: first come, first served', ['a1', 'a2', 'a3'], ['a1', 'a2', 'a3']],
  ['two clients: in turn', ['a1', 'a2', 'a3', 'b1', 'b2'], ['a1', 'b1', 'a2', 'b2', 'a3']],
  ['three clients', ['a1', 'a2', 'b1', 'c1', 'c2', 'c3'], ['a1', 'b1', 'c1', 'a2', 'c2', 'c3']],
])('%s', (_, came, served) => {
  expect(all(waiting(...came))).toEqual(served)
})

test('who was just served goes behind those that wait', () => {
  const rounds = waiting('a1', 'b1', 'c1')
  expect(rounds.take()).toBe('a1')
  rounds.add('a', 'a2')
  expect(all(rounds)).toEqual(['b1', 'c1', 'a2'])
})

test('who gave up is not served, and is no longer counted', () => {
  const rounds = waiting('a1', 'a2', 'b1')
  rounds.remove('a', 'a1')
  rounds.remove('b', 'b1')
  rounds.remove('b', 'b1')
  rounds.remove('x', 'x1')
  expect(rounds.size).toBe(1)
  expect(all(rounds)).toEqual(['a2'])
})

type Step = { client: string; does: 'add' | 'take' | 'remove' }
const steps = fc.array(
  fc.record<Step>({
    client: fc.constantFrom('a', 'b', 'c', 'd'),
    does: fc.constantFrom('add', 'add', 'add', 'take', 'take', 'remove'),
  }),
  { maxLength: 200 },
)

test('nothing is lost, nothing is served twice, each client in its own order, and nobody starves', () => {
  fc.assert(
    fc.property(steps, (history) => {
      const rounds = new Rounds<number>()
      const model: { client: string; one: number; passedBy: Map<string, number> }[] = []
      for (const [one, { client, does }] of history.entries()) {
        if (does === 'add') {
          rounds.add(client, one)
          model.push({ client, one, passedBy: new Map() })
        } else if (does === 'remove') {
          const at = model.findLastIndex((waiting) => waiting.client === client)
          if (at !== -1) rounds.remove(client, model.splice(at, 1)[0]?.one ?? -1)
        } else {
          const taken = rounds.take()
          const at = model.findIndex((waiting) => waiting.one === taken)
          expect(at === -1).toBe(model.length === 0)
          const [served] = at === -1 ? [] : model.splice(at, 1)
          for (const waiting of model) {
            if (!served) continue
            if (waiting.client === served.client) expect(served.one).toBeLessThan(waiting.one)
            const times = (waiting.passedBy.get(served.client) ?? 0) + 1
            waiting.passedBy.set(served.client, times)
            // another client passes at most once for each turn of its own client, and once more
            const own = waiting.passedBy.get(waiting.client) ?? 0
            if (served.client !== waiting.client) expect(times).toBeLessThanOrEqual(own + 1)
          }
        }
        expect(rounds.size).toBe(model.length)
      }
      expect(all(rounds).toSorted((a, b) => Number(a) - Number(b))).toEqual(model.map(({ one }) => one))
    }),
  )
})

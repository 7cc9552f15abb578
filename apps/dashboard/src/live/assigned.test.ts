import { expect, test } from 'vitest'
import { orFail } from './assigned'

const done = { deviceId: 'a', revision: 2, build: 'e2b-q8_0' }

test.each<[string, Parameters<typeof orFail>[0]]>([
  ['was done', { assigned: [done], refused: [] }],
  ['found nothing to do', { assigned: [], refused: [] }],
])('an order that %s is what it is', (_, reply) => {
  expect(orFail(reply)).toBe(reply)
})

test.each([
  ['in words where there are any', { says: 'it does not hear' }, 'It was refused: it does not hear.'],
  ['by its code where there are none', {}, 'It was refused: nothing-assigned.'],
])('a refused one fails, %s', (_, more, message) => {
  const refused = [{ deviceId: 'a', code: 'nothing-assigned', ...more }]
  expect(() => orFail({ assigned: [], refused })).toThrow(message)
})

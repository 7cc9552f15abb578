import type { Serving } from '@tradewind/protocol'
import { expect, test } from 'vitest'
import { explainFailure, whyDeaf } from './name-serving'

const serving = (more: Partial<Serving>): Serving => ({
  build: 'e2b-q8_0',
  label: 'Gemma 4 E2B',
  demo: false,
  state: 'ready',
  since: 1,
  engine: null,
  failure: null,
  ...more,
})

test.each([
  ['ready', true, serving({}), null],
  ['cold: it is loaded when it is needed', true, serving({ state: 'cold' }), null],
  ['away', false, serving({}), 'Possible while till-7 is online.'],
  ['serving nothing', true, null, 'till-7 serves no model yet, so there is nothing to hear with.'],
  ['loading', true, serving({ state: 'loading' }), 'till-7 is loading Gemma 4 E2B. Try it when that is ready.'],
  [
    'failed',
    true,
    serving({ state: 'failed', failure: { code: 'out-of-memory', retryAt: null } }),
    'Gemma 4 E2B is not there: The system killed the engine because memory ran out.',
  ],
] as const)('a device that is %s', (_, online, serves, why) => {
  expect(whyDeaf('till-7', online, serves)).toBe(why)
})

test('a code of a later agent still gets a sentence', () => {
  expect(explainFailure('struck-by-lightning')).toBe('The engine failed.')
})

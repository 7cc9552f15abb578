import fc from 'fast-check'
import { expect, test } from 'vitest'
import { engineFailureCodes } from './engine'
import { cold, type EngineEvent, type Machine, next } from './machine'

const crash = { is: 'lost', failure: { code: 'killed-by-signal', detail: { signal: 'SIGSEGV' } } } as const
const badFile = { is: 'lost', failure: { code: 'bad-file', detail: {} } } as const
const load = { is: 'load', build: 'a' } as const
const after = (...events: [EngineEvent, number][]): Machine =>
  events.reduce((machine, [event, now]) => next(machine, event, now), cold)

test.each<[string, [EngineEvent, number][], object]>([
  ['loads', [[load, 1]], { is: 'loading', build: 'a', since: 1 }],
  [
    'is ready when it has loaded',
    [
      [load, 1],
      [{ is: 'loaded' }, 5],
    ],
    { is: 'ready', build: 'a', since: 5 },
  ],
  [
    'drains',
    [
      [load, 1],
      [{ is: 'loaded' }, 5],
      [{ is: 'unload' }, 9],
    ],
    { is: 'draining', build: 'a', since: 9 },
  ],
  [
    'is cold afterwards',
    [
      [load, 1],
      [{ is: 'unload' }, 9],
      [{ is: 'unloaded' }, 10],
    ],
    { is: 'cold' },
  ],
  [
    'is cold when it crashes while it drains',
    [
      [load, 1],
      [{ is: 'unload' }, 9],
      [crash, 10],
    ],
    { is: 'cold' },
  ],
  [
    'is tried again a second after a crash',
    [
      [load, 1],
      [crash, 100],
    ],
    { is: 'failed', retryAt: 1_100 },
  ],
  [
    'and two after the next',
    [
      [load, 1],
      [crash, 100],
      [{ is: 'retry' }, 1_100],
      [crash, 1_200],
    ],
    { retryAt: 3_200 },
  ],
  [
    'is given up at once over a bad file',
    [
      [load, 1],
      [badFile, 2],
    ],
    { is: 'failed', retryAt: null },
  ],
  [
    'is not tried again when given up',
    [
      [load, 1],
      [badFile, 2],
      [{ is: 'retry' }, 3],
    ],
    { is: 'failed' },
  ],
  [
    'loads another when told, whatever happened',
    [
      [load, 1],
      [badFile, 2],
      [{ is: 'load', build: 'b' }, 3],
    ],
    { is: 'loading', build: 'b' },
  ],
  [
    'is not ready by a voice from the past',
    [
      [load, 1],
      [crash, 2],
      [{ is: 'loaded' }, 3],
    ],
    { is: 'failed' },
  ],
])('an engine %s', (_, events, state) => {
  expect(after(...events).state).toMatchObject(state)
})

test('is given up after five crashes within ten minutes, and not after five in an hour', () => {
  const crashing = (everyMs: number) => {
    let machine = next(cold, load, 0)
    for (let i = 1; i <= 5; i++) {
      machine = next(machine, crash, i * everyMs)
      if (i < 5) machine = next(machine, { is: 'retry' }, i * everyMs + 1)
    }
    return machine.state
  }
  expect(crashing(60_000)).toMatchObject({ is: 'failed', retryAt: null })
  expect(crashing(12 * 60_000)).toMatchObject({ is: 'failed', retryAt: 60 * 60_000 + 1_000 })
})

test('whatever happens, a failure has a reason and never waits longer than a minute', () => {
  const events = fc.oneof(
    fc.constantFrom<EngineEvent>(load, { is: 'loaded' }, { is: 'unload' }, { is: 'unloaded' }, { is: 'retry' }),
    fc.constantFrom(...engineFailureCodes).map((code): EngineEvent => ({ is: 'lost', failure: { code, detail: {} } })),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(events, fc.nat({ max: 100_000 }))), (steps) => {
      let [machine, now] = [cold, 0]
      for (const [event, laterMs] of steps) {
        now += laterMs
        machine = next(machine, event, now)
        const { state } = machine
        if (state.is === 'failed' && state.retryAt !== null)
          expect(state.retryAt - state.since).toBeLessThanOrEqual(60_000)
        if (event.is === 'load') expect(state.is).toBe('loading')
      }
    }),
  )
})

import { expect, test } from 'vitest'
import { explainFleetProblem, type FleetProblem } from './fleet-problem'
import { agedTo, type HealthProblem } from './problem'

const since = { severity: 'warning' as const, sinceMs: 0 }
const paused = { ...since, code: 'rollout-paused' as const, rolloutId: 'r', devices: 9 }
const unplaced = { ...since, code: 'unplaced' as const, workloadId: 'calls', devices: 3 }

test.each<[FleetProblem, string]>([
  [{ ...paused, workloadId: 'calls', reason: 'speed-loss' }, 'The rollout of calls is paused: devices became slower'],
  [{ ...paused, workloadId: null, reason: 'by-person' }, 'The rollout is paused: a person paused it'],
  [{ ...paused, workloadId: null, reason: null }, 'The rollout is paused: nobody knows why'],
  [{ ...unplaced, kind: 'refused' }, 'No build fits 3 devices that calls selects'],
  [{ ...unplaced, kind: 'refused', devices: 1 }, 'No build fits a device that calls selects'],
  [{ ...unplaced, kind: 'unresolved' }, '3 devices wait for the files of calls'],
  [{ ...unplaced, kind: 'tie', workloadId: null, devices: 1 }, 'A device is wanted by two workloads of one priority'],
  [{ ...since, code: 'parked', devices: 1 }, 'A device waits for approval'],
  [{ ...since, code: 'parked', devices: 2 }, '2 devices wait for approval'],
])('%j is told as %s', (problem, title) => {
  expect(explainFleetProblem(problem)).toMatchObject({ title, means: expect.any(String), toDo: expect.any(String) })
})

test('what only says for how long it is so is as old as one looks', () => {
  const problem = { about: null, severity: 'warning' as const, sinceMs: 1000, numbers: { seconds: 1, celsius: 4 } }
  const aged = (code: HealthProblem['code'], atMs: number) => agedTo({ ...problem, code }, atMs).numbers
  expect(aged('lost', 61_000)).toEqual({ seconds: 60 })
  expect(aged('lost', 0)).toEqual({ seconds: 0 }) // a clock that stands behind
  expect(aged('out-of-sync', 181_000)).toEqual({ minutes: 3 })
  expect(aged('hot', 61_000)).toEqual(problem.numbers)
})

import { expect, test } from 'vitest'
import { explainProblem, meaningOf } from './explain-problem'
import type { HealthProblem } from './problem'
import { type HealthCode, healthCodes } from './scales'

const problem = (code: HealthCode, numbers: HealthProblem['numbers'], about: string | null = null): HealthProblem => ({
  code,
  about,
  severity: 'warning',
  sinceMs: 0,
  numbers,
})

const titles: [HealthProblem, string][] = [
  [problem('lost', { seconds: 90 }), 'Lost for 90 s'],
  [problem('lost', { seconds: 3 * 86_400 }), 'Lost for 3 days'],
  [problem('undervoltage', { now: 1 }), 'The power supply is too weak'],
  [problem('undervoltage', { now: 0 }), 'The power supply was too weak since the last boot'],
  [problem('supply-low', { volts: 4.62316 }), 'The 5 V input has 4.62 V'],
  [problem('engine-crash-loop', { crashes: 4 }), 'The engine crashed 4 times in an hour'],
  [
    problem('assignment-failed', { assignedRevision: 7, appliedRevision: 6 }, 'no-space'),
    'Revision 7 could not be applied: no-space',
  ],
  [problem('hot', { celsius: 82.45, limitCelsius: 85 }), '82.5 °C, of at most 85.0 °C'],
  [problem('throttled', { now: 1 }), 'The processor is throttled'],
  [problem('disk-low', { freeBytes: 3.5 * 1024 ** 3 }), '3.5 GiB of disk are left'],
  [problem('disk-low', { freeBytes: 1024 ** 2 }), '1 MiB of disk are left'],
  [problem('swap-thrash', { usedShare: 0.93 }), 'Memory and swap are both 93 % in use'],
  [problem('memory-low', { availableShare: 0.04 }), '4 % of memory are available'],
  [problem('memory-pressure', { waitingShare: 0.25 }), 'Tasks waited for memory in 25 % of a minute'],
  [problem('flapping', { departures: 5 }), 'Contact ended 5 times in an hour'],
  [problem('worn-card', { usedShare: 0.9 }), '90 % of the rated life of its storage are used'],
  [problem('soft-temperature-limit', { now: 0 }), 'The soft temperature limit was reached since the last boot'],
  [problem('frequency-capped', { now: 0 }), 'The frequency was capped since the last boot'],
  [problem('slow', { tokensPerSecond: 2.04, baselineTokensPerSecond: 6.1 }), '2.0 tokens/s, was 6.1 tokens/s'],
  [problem('out-of-sync', { minutes: 300 }), 'Does not yet do what it should, after 5 h'],
  [problem('expiring', { days: 5.5 }, 'certificate'), 'certificate ends in 5 days'],
  [problem('expiring', { days: -0.5 }, 'certificate'), 'certificate has ended'],
  [problem('unreadable', {}, 'thermal'), 'Cannot read: thermal'],
  [problem('clock-off', { seconds: 7200 }), 'Its clock was off by 2 h'],
  [problem('disk-low', {}), 'unknown of disk are left'],
]

test.each(titles.map(([problem, title]) => [title, problem] as const))('%s', (title, problem) => {
  expect(explainProblem(problem).title).toBe(title)
})

test('every code has a title in the table above, a meaning, and something to do', () => {
  expect(new Set(titles.map(([{ code }]) => code))).toEqual(new Set(healthCodes))
  for (const { means, toDo } of healthCodes.map(meaningOf)) expect(`${means} ${toDo}`).toMatch(/^[A-Z].+\. [A-Z].+\.$/)
})

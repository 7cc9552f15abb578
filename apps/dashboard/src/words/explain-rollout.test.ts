import { expect, test } from 'vitest'
import { consequenceOf, explainMember, explainPause, explainWaiting } from './explain-rollout'

test('a pause says how many failed against how many may', () => {
  const numbers = { failed: 3, members: 40, failureShare: 0.05 }
  expect(explainPause({ code: 'smoke-test-failed', numbers })).toBe(
    'The new build failed its test: 3 of 40 failed, and 5 % may.',
  )
})

test('a wait says what for, with its numbers', () => {
  const numbers = { due: 12, changing: 9, most: 9 }
  expect(explainWaiting({ code: 'most-at-once', numbers })).toBe(
    '9 are changing, and no more than 9 may at the same time. 12 are next.',
  )
})

const facts = {
  outcomes: { waiting: 30, absent: 5, changing: 1, succeeded: 4, failed: 1 },
  changed: 6,
  without: 1,
  atOnce: 9,
}
test.each([
  ['pause', '35 devices are not told anything until you resume. 1 device that is changing goes on.'],
  ['resume', 'You accept 1 failure: it counts no more. 35 devices are still to be told.'],
  [
    'abort',
    '35 devices keep what they have. 6 devices that were told stay with the new build. It cannot be resumed, only rolled back.',
  ],
  [
    'roll-back',
    '5 devices get back what they had, at most 9 at the same time. Each stops serving while its former build is loaded. 1 device had nothing before, and stays with the new build.',
  ],
] as const)('%s has its consequence in numbers', (act, says) => {
  expect(consequenceOf(act, facts)).toBe(says)
})

test.each([
  ['smoke-test-failed', 'The new build failed its test.'],
  ['out-of-memory', 'The system killed the engine because memory ran out.'],
  ['memory-short', 'Too little memory.'],
  ['struck-by-lightning', 'struck by lightning.'],
])('a member that failed of %s says so in words', (code, says) => {
  expect(explainMember(code)).toBe(says)
})

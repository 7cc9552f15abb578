import type { StepName } from '@tradewind/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { targetOf } from './example'
import { plan } from './plan'
import { hence, retryAt } from './retry'
import { type Observed, steps } from './steps'

const now = 1_000_000
const old = targetOf(3, 'old')
const wanted = targetOf(4, 'new')
/** A device that serves what it was assigned before, with nothing of the new build. */
const serving = (more: Partial<Observed> = {}): Observed => ({
  applied: old,
  holds: 3,
  isReady: true,
  hasOwnChoice: false,
  missingBytes: 100,
  roomBytes: 1000,
  isVerified: false,
  hasPassed: false,
  failure: null,
  ...more,
})
const here = { missingBytes: 0, isVerified: true }
const failed = (code: string, at: number | null = null) => ({ failure: { code, retryAt: at } })

const rows: [given: string, what: typeof wanted, observed: Observed, sentence: string][] = [
  ['the new build is not here', wanted, serving(), 'fetch, verify, stop-engine, start-engine, smoke-test, commit'],
  [
    'the disk is full as well',
    wanted,
    serving({ roomBytes: 10 }),
    'make-room, fetch, verify, stop-engine, start-engine, smoke-test, commit',
  ],
  [
    'its files came, and nobody has read them',
    wanted,
    serving({ missingBytes: 0 }),
    'verify, stop-engine, start-engine, smoke-test, commit',
  ],
  ['its files are right', wanted, serving(here), 'stop-engine, start-engine, smoke-test, commit'],
  ['the old one was let go', wanted, serving({ ...here, holds: null }), 'start-engine, smoke-test, commit'],
  [
    'the new one crashed before its test',
    wanted,
    serving({ ...here, holds: 4, isReady: false }),
    'start-engine, smoke-test, commit',
  ],
  ['it has loaded', wanted, serving({ ...here, holds: 4 }), 'smoke-test, commit'],
  ['it has passed', wanted, serving({ ...here, holds: 4, hasPassed: true }), 'commit'],
  ['it is committed', old, serving({ missingBytes: 0 }), 'converged'],
  [
    'what is committed has crashed: the engine mends itself',
    old,
    serving({ missingBytes: 0, isReady: false }),
    'converged',
  ],
  ['it rebooted, and the hub is gone', old, serving({ missingBytes: 0, holds: null, isReady: false }), 'start-engine'],
  ['somebody deleted a file of what is committed', old, serving({ holds: null }), 'fetch, start-engine'],
  [
    'nothing was ever assigned before',
    wanted,
    serving({ applied: null, holds: null }),
    'fetch, verify, start-engine, smoke-test, commit',
  ],
  [
    'it rebooted before the new build was here',
    wanted,
    serving({ holds: null, isReady: false }),
    'roll-back, fetch, verify, stop-engine, start-engine, smoke-test, commit',
  ],
  [
    'it serves its own choice',
    wanted,
    serving({ ...here, applied: null, holds: 'own-choice', hasOwnChoice: true }),
    'stop-engine, start-engine, smoke-test, commit',
  ],
  ['the same build under a new revision', targetOf(4, 'old'), serving(here), 'commit'],
  [
    'the same build, held otherwise',
    targetOf(4, 'old', { slots: 2 }),
    serving(here),
    'stop-engine, start-engine, smoke-test, commit',
  ],
  [
    'a restart was asked for',
    { ...targetOf(4, 'old'), restart: 1 },
    serving(here),
    'stop-engine, start-engine, commit',
  ],
  ['the test failed in the new engine', wanted, serving({ ...here, holds: 4, ...failed('too-slow') }), 'roll-back'],
  [
    'it was rolled back after a failed test',
    wanted,
    serving({ ...here, ...failed('too-slow') }),
    'blocked by too-slow for good',
  ],
  [
    'it failed to load, and nothing was served before',
    wanted,
    serving({ ...here, applied: null, holds: 4, isReady: false, ...failed('bad-file') }),
    'roll-back',
  ],
  ['the network is away', wanted, serving(failed('unreachable', now + 5)), 'blocked by unreachable for 5 ms'],
  [
    'it waited long enough',
    wanted,
    serving(failed('unreachable', now)),
    'fetch, verify, stop-engine, start-engine, smoke-test, commit',
  ],
]
const sentenceOf = (made: ReturnType<typeof plan>) => {
  if (made.is === 'steps') return made.steps.join(', ')
  if (made.is === 'converged') return 'converged'
  return `blocked by ${made.reason.code} for ${made.retryAt === null ? 'good' : `${made.retryAt - now} ms`}`
}
test.each(rows)('%s', (_, what, observed, sentence) => {
  expect(sentenceOf(plan(what, observed, now))).toBe(sentence)
})

const target = fc.record({
  revision: fc.integer({ min: 1, max: 3 }),
  build: fc.constantFrom('a', 'b'),
  slots: fc.constantFrom(1, 2),
  restart: fc.nat(1),
})
const made = ({
  revision,
  build,
  slots,
  restart,
}: {
  revision: number
  build: string
  slots: number
  restart: number
}) => ({
  ...targetOf(revision, build, { slots }),
  restart,
})
/** Whatever a crash may have left. */
const world = fc.record({
  wanted: target.map((one) => made({ ...one, revision: one.revision + 3 })),
  applied: fc.option(target.map(made)),
  isCommitted: fc.boolean(),
  engine: fc.constantFrom('wanted', 'applied', 'own-choice', 'none'),
  isReady: fc.boolean(),
  hasOwnChoice: fc.boolean(),
  missingBytes: fc.nat(10),
  roomBytes: fc.nat(10),
  isVerified: fc.boolean(),
  hasPassed: fc.boolean(),
})
type World = typeof world extends fc.Arbitrary<infer W> ? W : never
function observedIn({ wanted, applied, isCommitted, engine, ...rest }: World): Observed {
  const committed = isCommitted ? wanted : applied
  const holds = {
    wanted: wanted.revision,
    applied: committed?.revision ?? null,
    'own-choice': 'own-choice' as const,
    none: null,
  }
  const isLoaded = engine !== 'none' && rest.isReady
  const isWhole = rest.missingBytes === 0
  return {
    ...rest,
    applied: committed,
    holds: holds[engine],
    isReady: isLoaded,
    isVerified: rest.isVerified && isWhole,
    hasPassed: rest.hasPassed && isLoaded && engine === 'wanted',
    failure: null,
  }
}

describe('from whatever a crash may leave', () => {
  test('the expected effects lead to converged, and what serves is let go only for files that were verified', () => {
    fc.assert(
      fc.property(world, (given) => {
        let observed = observedIn(given)
        const done: StepName[] = []
        for (
          let made = plan(given.wanted, observed, now);
          made.is !== 'converged';
          made = plan(given.wanted, observed, now)
        ) {
          if (made.is === 'blocked') throw new Error('blocked without a failure')
          const [step] = made.steps
          if (step === 'stop-engine') {
            const isOfApplied = observed.applied?.build.id === given.wanted.build.id
            expect([observed.missingBytes, observed.isVerified || isOfApplied]).toEqual([0, true])
          }
          observed = steps[step].effect(given.wanted, observed)
          expect(done).not.toContain(step)
          done.push(step)
        }
        expect(observed.applied?.revision).toBe(given.wanted.revision)
        expect(observed.holds).toBe(given.wanted.revision)
      }),
    )
  })

  test('the first step is the one that the whole plan began with: nothing is planned twice', () => {
    fc.assert(
      fc.property(world, (given) => {
        const observed = observedIn(given)
        const first = plan(given.wanted, observed, now)
        if (first.is !== 'steps') return
        const next = plan(given.wanted, steps[first.steps[0]].effect(given.wanted, observed), now)
        expect(next.is === 'steps' ? next.steps : []).toEqual(first.steps.slice(1))
      }),
    )
  })

  test('a failure leads back to what was served, and then nothing more is done until it may be tried again', () => {
    fc.assert(
      fc.property(world, fc.option(fc.integer({ min: 1, max: 9 })), (given, afterMs) => {
        const retryAt = afterMs === null ? null : now + afterMs
        let observed: Observed = {
          ...observedIn({ ...given, isCommitted: false }),
          failure: { code: 'too-slow', retryAt },
        }
        const first = plan(given.wanted, observed, now)
        if (first.is === 'steps') {
          expect(first.steps).toEqual(['roll-back'])
          observed = steps['roll-back'].effect(given.wanted, observed)
        }
        expect(plan(given.wanted, observed, now)).toEqual({ is: 'blocked', reason: observed.failure, retryAt })
        expect(observed.holds).toBe(observed.applied?.revision ?? (observed.hasOwnChoice ? 'own-choice' : null))
      }),
    )
  })
})

test.each([
  ['unreachable', 1, 5_000],
  ['unreachable', 4, 40_000],
  ['unreachable', 1_000, 600_000],
  ['out-of-memory', 2, 10_000],
  ['out-of-memory', 3, null],
  ['a code that is new', 3, null],
  ['wrong-bytes', 1, null],
  ['too-slow', 1, null],
])('%s for the %i. time is tried again in %s ms', (code, failures, delayMs) => {
  expect(retryAt(code, failures, now, 0)).toBe(delayMs === null ? null : now + delayMs)
})

test('a delay is never less than half of itself, nor than what the source asked for', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(hence)),
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.nat(3_600_000),
      (code, failures, chance, leastMs) => {
        const [latest, at] = [retryAt(code, failures, now, 0), retryAt(code, failures, now, chance, leastMs)]
        if (at === null || latest === null) {
          expect(at).toBe(latest)
          return
        }
        expect(at - now).toBeGreaterThanOrEqual(Math.max(leastMs, (latest - now) / 2 - 1))
        expect(at - now).toBeLessThanOrEqual(Math.max(leastMs, latest - now))
      },
    ),
  )
})

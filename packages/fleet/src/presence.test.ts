import type { Presence } from '@tradewind/protocol'
import { presenceStates } from '@tradewind/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type KnownPresence, presenceAfter, presenceWithout } from './presence'

const said = (state: Presence['state'], start: number, session: number): Presence => ({ state, start, session, at: 0 })
const known = (state: Presence['state'], start: number, session: number): KnownPresence => ({
  state,
  start,
  session,
  sinceMs: 1000,
})

describe('presence after a message', () => {
  test.each([
    [
      'the first message is believed',
      undefined,
      said('lost', 3, 2),
      { state: 'lost', start: 3, session: 2, sinceMs: 5000 },
    ],
    ['the same again changes nothing', known('online', 3, 2), said('online', 3, 2), known('online', 3, 2)],
    [
      'the will of this session counts',
      known('online', 3, 2),
      said('lost', 3, 2),
      { ...known('lost', 3, 2), sinceMs: 5000 },
    ],
    ['a new session keeps since', known('online', 3, 2), said('online', 3, 3), known('online', 3, 3)],
    ['a new start keeps since', known('online', 3, 2), said('online', 4, 1), known('online', 4, 1)],
    ['a device comes back', known('lost', 3, 2), said('online', 3, 3), { ...known('online', 3, 3), sinceMs: 5000 }],
    ['the will of an older session is late', known('online', 3, 2), said('lost', 3, 1), known('online', 3, 2)],
    ['the will of an older start is late', known('online', 3, 1), said('lost', 2, 9), known('online', 3, 1)],
    ['an old goodbye is late', known('online', 3, 1), said('disconnected', 2, 1), known('online', 3, 1)],
  ])('%s', (_, before, message, after) => {
    expect(presenceAfter(before, message, 5000)).toEqual(after)
  })

  const message = fc.record({
    state: fc.constantFrom(...presenceStates),
    start: fc.integer({ min: 1, max: 5 }),
    session: fc.integer({ min: 1, max: 5 }),
    at: fc.nat(),
  })
  const run = (messages: Presence[]) =>
    messages.reduce<KnownPresence | undefined>((known, message, i) => presenceAfter(known, message, i), undefined)

  test('in whatever order connections are heard of, the newest start and session decides', () => {
    const onePerSession = fc.uniqueArray(message, { minLength: 1, selector: (m) => m.start * 10 + m.session })
    const shuffled = onePerSession.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    )
    fc.assert(
      fc.property(shuffled, ([list, order]) => {
        const [newest] = list.toSorted((a, b) => b.start - a.start || b.session - a.session)
        const { state, start, session } = newest as Presence
        expect(run(order)).toMatchObject({ state, start, session })
      }),
    )
  })

  test('within one session the last word counts, and older sessions in between do not', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1 }), (messages) => {
        const start = Math.max(...messages.map((m) => m.start))
        const session = Math.max(...messages.filter((m) => m.start === start).map((m) => m.session))
        const last = messages.findLast((m) => m.start === start && m.session === session)
        expect(run(messages)).toMatchObject({ state: last?.state, start, session })
      }),
    )
  })

  test('messages that are heard twice change nothing', () => {
    fc.assert(
      fc.property(message, message, fc.nat(), (first, second, now) => {
        const once = presenceAfter(presenceAfter(undefined, first, 0), second, now)
        expect(presenceAfter(once, second, now + 1)).toEqual(once)
      }),
    )
  })
})

const messages = fc.array(
  fc.record({
    state: fc.constantFrom(...presenceStates),
    start: fc.integer({ min: 1, max: 3 }),
    session: fc.integer({ min: 1, max: 3 }),
    at: fc.nat(),
  }),
)

describe('presence over time', () => {
  test('never goes back to an older connection, and since is when the state last changed', () => {
    fc.assert(
      fc.property(messages, (messages) => {
        let known: KnownPresence | undefined
        messages.forEach((message, i) => {
          const next = presenceAfter(known, message, 1000 + i)
          const isBack =
            next.start < (known?.start ?? 0) || (next.start === known?.start && next.session < known.session)
          expect(isBack).toBe(false)
          expect(next.sinceMs).toBe(next.state === known?.state ? known.sinceMs : 1000 + i)
          known = next
        })
      }),
    )
  })

  test('without a connection only who is online is lost, once, and not before the grace', () => {
    const time = fc.nat({ max: 20 })
    fc.assert(
      fc.property(fc.constantFrom(...presenceStates), time, time, time, (state, goneMs, laterMs, graceMs) => {
        const before = known(state, 3, 2)
        const after = presenceWithout(before, goneMs, goneMs + laterMs, graceMs)
        const isLost = state === 'online' && laterMs >= graceMs
        expect(after).toEqual(isLost ? { ...before, state: 'lost', sinceMs: goneMs + laterMs } : before)
        if (isLost) expect(presenceWithout(after, goneMs, goneMs + laterMs + 1, graceMs)).toBe(after)
      }),
    )
  })
})

describe('presence without a connection', () => {
  test.each([
    ['within the grace', 'online', 5999, known('online', 3, 2)],
    ['when the grace has passed', 'online', 6000, { ...known('lost', 3, 2), sinceMs: 6000 }],
    ['after a clean stop', 'disconnected', 9000, known('disconnected', 3, 2)],
    ['asleep', 'sleeping', 9000, known('sleeping', 3, 2)],
    ['when it was lost before', 'lost', 9000, known('lost', 3, 2)],
  ] as const)('%s', (_, state, now, after) => {
    expect(presenceWithout(known(state, 3, 2), 1000, now, 5000)).toEqual(after)
  })

  test('a lost device that speaks again in the same session is back', () => {
    const lost = presenceWithout(known('online', 3, 2), 0, 9000, 5000)
    expect(presenceAfter(lost, said('online', 3, 2), 9500)).toEqual({ ...known('online', 3, 2), sinceMs: 9500 })
  })
})

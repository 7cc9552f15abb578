import { encode, type Heard } from '@tradewind/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutToFit } from './cut'

const heard: Heard = {
  text: 'seven two down go',
  language: 'en',
  audioSeconds: 1.5,
  queueMs: 0,
  engineMs: 100,
  totalMs: 120,
  segments: [{ start: 0, end: 1.5, text: 'seven two down go' }],
  build: 'pocket-f16',
  demo: true,
}

test('what fits stays as it is', () => {
  expect(cutToFit(heard)).toEqual({ ...heard, cut: false })
})

test('a text that is too long ends with a marker, says so, and keeps its beginning', () => {
  const text = 'five '.repeat(20_000)
  const { text: kept, cut } = cutToFit({ ...heard, text })
  expect(cut).toBe(true)
  expect(kept).toMatch(/^five five .* \[…\]$/)
  expect(text.startsWith(kept.replace(' […]', ''))).toBe(true)
})

test('segments that are too many lose their end, and the answer says that it was cut', () => {
  const { segments, text, cut } = cutToFit({ ...heard, segments: Array(5_000).fill(heard.segments[0]) })
  expect(segments.length).toBeGreaterThan(100)
  expect([text, cut]).toEqual([heard.text, true])
})

test('whatever was heard becomes one message', () => {
  const long = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 20 })
    .chain((part) => fc.integer({ min: 1, max: 4_000 }).map((times) => part.repeat(times)))
  const segment = fc.record({ start: fc.nat(), end: fc.nat(), text: fc.string({ unit: 'binary' }) })
  const segments = fc.tuple(segment, fc.nat({ max: 1_500 })).map(([one, times]) => Array(times).fill(one))
  fc.assert(
    fc.property(long, long, segments, (text, translation, segments) => {
      const answer = { kind: 'heard' as const, ...cutToFit({ ...heard, text, translation, segments }) }
      expect(encode('answer', { answer })).toMatchObject({ ok: true })
    }),
    { numRuns: 40 },
  )
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Piece, pieceOf } from './range'

const whole: Piece = { kind: 'whole', from: 0, to: 1000 }
const part = (from: number, to: number): Piece => ({ kind: 'part', from, to })
const unsatisfiable: Piece = { kind: 'unsatisfiable' }

describe('of a file of 1000 bytes', () => {
  test.each<[string | undefined, Piece]>([
    [undefined, whole],
    ['bytes=0-99', part(0, 100)],
    ['bytes=0-0', part(0, 1)],
    ['bytes=900-', part(900, 1000)],
    ['bytes=900-5000', part(900, 1000)],
    ['bytes=-100', part(900, 1000)],
    ['bytes=-5000', part(0, 1000)],
    ['bytes=1000-', unsatisfiable],
    ['bytes=1000-1001', unsatisfiable],
    ['bytes=-0', unsatisfiable],
    ['bytes=5-4', whole],
    ['bytes=-', whole],
    ['bytes=0-1,5-6', whole],
    ['lines=0-1', whole],
    ['bytes=one-two', whole],
    ['bytes=9999999999999999999-', whole],
  ])('Range %s gives %o', (range, piece) => expect(pieceOf(range, undefined, '"a"', 1000)).toEqual(piece))

  test.each([
    ['"a"', part(1, 2)],
    ['"b"', whole],
    ['W/"a"', whole],
    ['Tue, 24 Nov 2026 08:00:00 GMT', whole],
  ])('If-Range %s gives %o', (ifRange, piece) => expect(pieceOf('bytes=1-1', ifRange, '"a"', 1000)).toEqual(piece))
})

test('a piece is never empty and never beyond the file', () => {
  const edge = fc.oneof(fc.constant(''), fc.nat(2000).map(String))
  fc.assert(
    fc.property(edge, edge, fc.integer({ min: 1, max: 1500 }), (first, last, bytes) => {
      const piece = pieceOf(`bytes=${first}-${last}`, undefined, '"a"', bytes)
      if (piece.kind !== 'unsatisfiable')
        expect(0 <= piece.from && piece.from < piece.to && piece.to <= bytes).toBe(true)
    }),
  )
})

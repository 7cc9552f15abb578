import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fingerprintOf, Problem, problemCodes, readEnrolToken, writeEnrolToken } from './enrolment'

const token = {
  urls: ['https://192.168.1.20:4443', 'https://harbour.local:4443'],
  caSha256: 'ab'.repeat(32),
  secret: `${'A1b2C3d4-_'.repeat(3)}zz`,
}
const tokens = fc.record({
  urls: fc.array(
    fc.tuple(fc.ipV4(), fc.integer({ min: 1, max: 65_535 })).map(([host, port]) => `https://${host}:${port}`),
    { minLength: 1, maxLength: 12 },
  ),
  caSha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  secret: fc.stringMatching(/^[A-Za-z0-9_-]{32}$/),
})
const asText = (value: unknown) => `tw1_${Buffer.from(JSON.stringify(value)).toString('base64url')}`

describe('an enrolment token as text', () => {
  test('reads back as it was written, and needs no quoting anywhere', () => {
    fc.assert(
      fc.property(tokens, (token) => {
        const text = writeEnrolToken(token)
        expect(text).toMatch(/^tw1_[A-Za-z0-9_-]+$/)
        expect(readEnrolToken(text)).toEqual({ ok: true, value: token })
      }),
    )
  })

  test('cut short anywhere, it is refused', () => {
    const text = writeEnrolToken(token)
    for (let length = 0; length < text.length; length++)
      expect(readEnrolToken(text.slice(0, length)), text.slice(0, length)).toMatchObject({ ok: false })
  })

  test('with one sign changed, it is refused or reads as another well-formed token', () => {
    const text = writeEnrolToken(token)
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), fc.constantFrom(...'Az09_-. "'), (place, sign) => {
        const read = readEnrolToken(text.slice(0, place) + sign + text.slice(place + 1))
        if (!read.ok) return
        expect(read.value.secret).toMatch(/^[A-Za-z0-9_-]{32}$/)
        expect(read.value.caSha256).toMatch(/^[0-9a-f]{64}$/)
        for (const url of read.value.urls) expect(url).toMatch(/^https:/)
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    ['another prefix', writeEnrolToken(token).replace('tw1_', 'tw2_')],
    ['nothing', ''],
    ['text that is not base64', 'tw1_%%%'],
    ['JSON that is no token', asText(7)],
    ['no address', asText({ ...token, urls: [] })],
    ['an address without TLS', asText({ ...token, urls: ['http://192.168.1.20:4443'] })],
    ['too many addresses', asText({ ...token, urls: Array(13).fill(token.urls[0]) })],
    ['a short CA hash', asText({ ...token, caSha256: 'ab' })],
    ['a short secret', asText({ ...token, secret: 'short' })],
    ['no secret', asText({ ...token, secret: undefined })],
  ])('%s is refused', (_, text) => {
    expect(readEnrolToken(text)).toMatchObject({ ok: false, refusal: { code: 'invalid' } })
  })

  test('random text never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(readEnrolToken(`tw1_${text}`)).toMatchObject({ ok: false })
      }),
    )
  })
})

test('a fingerprint is the first 80 bits of the thumbprint, in groups of four', () => {
  const thumbprint = createHash('sha256').update('a key')
  const hex = thumbprint.copy().digest('hex')
  const fingerprint = fingerprintOf(thumbprint.digest('base64url'))
  expect(fingerprint).toMatch(/^([0-9a-f]{4}-){4}[0-9a-f]{4}$/)
  expect(fingerprint.replaceAll('-', '')).toBe(hex.slice(0, 20))
})

test('every problem code makes a problem, and no other does', () => {
  const words = { message: 'm', next: 'n' }
  for (const code of problemCodes) expect(Problem.safeParse({ code, ...words }).success).toBe(true)
  expect(Problem.safeParse({ code: 'teapot', ...words }).success).toBe(false)
})

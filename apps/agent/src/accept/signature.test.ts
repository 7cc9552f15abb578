import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { CompactSign } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { publicJwk } from '../identity/identity'
import { exampleRuns } from './example'
import { readAcceptance, signAcceptance } from './signature'
import { summaryOf } from './summary'

const newKey = () => generateKeyPairSync('ed25519').privateKey
const [key, otherKey] = [newKey(), newKey()]
const report = summaryOf(exampleRuns())
let text = ''
beforeAll(async () => {
  text = await signAcceptance(report, key)
})

type File = { report: Record<string, unknown>; signature: string }
const changed = (change: (file: File) => void) => {
  const file: File = JSON.parse(text)
  change(file)
  return JSON.stringify(file)
}

test('a signed report reads as it was written, and names its signer', async () => {
  const again = await readAcceptance(await signAcceptance(report, key))
  const read = await readAcceptance(text)
  expect(read).toEqual({
    ok: true,
    report: JSON.parse(JSON.stringify(report)),
    signer: expect.stringMatching(/^[\w-]{43}$/),
  })
  expect(again).toEqual(read)
})

test('white space does not count', async () => {
  expect(await readAcceptance(JSON.stringify(JSON.parse(text)))).toMatchObject({ ok: true })
})

test('another key is another signer', async () => {
  const [one, other] = [await readAcceptance(text), await readAcceptance(await signAcceptance(report, otherKey))]
  if (!one.ok || !other.ok) throw new Error('both are signed')
  expect(one.signer).not.toBe(other.signer)
})

test.each<[string, (file: File) => void]>([
  ['a figure', ({ report }) => Object.assign(report.cold as object, { realTimeFactor: 0.1 })],
  ['the build', ({ report }) => Object.assign(report.build as object, { id: 'e4b' })],
  ['a field that was not there', ({ report }) => Object.assign(report, { residentBytes: 1 })],
  ['a field that is gone', ({ report }) => delete report.warnings],
  ['the order of fields', (file) => (file.report = Object.fromEntries(Object.entries(file.report).reverse()))],
])('%s changed after signing is noticed', async (_, change) => {
  expect(await readAcceptance(changed(change))).toMatchObject({ ok: false, refusal: { code: 'signature-wrong' } })
})

test('every bit of the signature counts', async () => {
  const mark = Buffer.from(JSON.parse(text).signature.split('..')[1], 'base64url')
  for (let at = 0; at < mark.length; at += 7) {
    const other = Buffer.from(mark)
    other[at] = (other[at] ?? 0) ^ 1
    const forged = changed(
      (file) => (file.signature = file.signature.replace(/\.\..*/, `..${other.toString('base64url')}`)),
    )
    expect(await readAcceptance(forged)).toMatchObject({ ok: false, refusal: { code: 'signature-wrong' } })
  }
})

describe('heads that were made up', () => {
  const signed = async (head: object, payload: unknown = report, by = key) => {
    const bytes = new TextEncoder().encode(JSON.stringify(payload))
    const jws = await new CompactSign(bytes).setProtectedHeader({ alg: 'EdDSA', ...head }).sign(by)
    return JSON.stringify({ report: payload, signature: jws.replace(/\.[^.]*\./, '..') })
  }
  const typ = 'tradewind-acceptance'
  const jwk = publicJwk(key)

  test.each<[string, () => Promise<string> | string, string]>([
    ['somebody else’s key', () => signed({ typ, jwk: publicJwk(otherKey) }), 'signature-wrong'],
    ['no key', () => signed({ typ }), 'signature-wrong'],
    ['what the key signed for another purpose', () => signed({ typ: 'JWT', jwk }), 'signature-wrong'],
    [
      'no algorithm',
      () => changed((file) => (file.signature = `${headOf({ alg: 'none', typ, jwk })}..AAAA`)),
      'signature-wrong',
    ],
    ['a well signed report of no kind', () => signed({ typ, jwk }, { v: 1 }), 'report-strange'],
    [
      'a well signed report of more than is known',
      () => signed({ typ, jwk }, { ...report, score: 1 }),
      'report-strange',
    ],
  ])('%s is refused', async (_, make, code) => {
    expect(await readAcceptance(await make())).toMatchObject({ ok: false, refusal: { code } })
  })

  const headOf = (head: object) => Buffer.from(JSON.stringify(head)).toString('base64url')
})

test.each([
  '',
  'null',
  '[]',
  '{}',
  '{"report":{}}',
  '{"report":{},"signature":7}',
  '{"report":{},"signature":"a.b.c"}',
])('%j is no report', async (text) => {
  expect(await readAcceptance(text)).toMatchObject({ ok: false, refusal: { code: 'not-a-report' } })
})

test('whatever stands in a file, it is refused and nothing is thrown', async () => {
  const file = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ report: fc.jsonValue(), signature: fc.stringMatching(/^[\w-]{1,40}\.\.[\w-]{1,90}$/) })
      .map((file) => JSON.stringify(file)),
  )
  const isRefused = fc.asyncProperty(file, async (text) => {
    expect(await readAcceptance(text)).toMatchObject({ ok: false })
  })
  await fc.assert(isRefused)
})

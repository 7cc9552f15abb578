import type { KeyObject } from 'node:crypto'
import { CompactSign, calculateJwkThumbprint, compactVerify, EmbeddedJWK } from 'jose'
import { publicJwk } from '../identity/identity'
import { Acceptance } from './report'

/** So that what this key signs elsewhere never passes for a report. */
const typ = 'tradewind-acceptance'

/**
 * A report with its signature, as a file holds it: `{"report": …, "signature": "head..signature"}`, a compact JWS with its payload
 * taken out (RFC 7515, appendix F). Signed are the bytes of `JSON.stringify(report)`, so that a person can read the file and white
 * space does not count; the order of fields does. The public key is in the head.
 */
export async function signAcceptance(report: Acceptance, key: KeyObject): Promise<string> {
  const signer = new CompactSign(signedBytes(report)).setProtectedHeader({ alg: 'EdDSA', typ, jwk: publicJwk(key) })
  const [head, , signature] = (await signer.sign(key)).split('.')
  return `${JSON.stringify({ report, signature: `${head}..${signature}` }, null, 2)}\n`
}

/** `signer`: RFC 7638 thumbprint of the key (base64url, SHA-256). */
export type ReadAcceptance =
  | { ok: true; report: Acceptance; signer: string }
  | { ok: false; refusal: { code: 'not-a-report' | 'signature-wrong' | 'report-strange'; message: string } }

/**
 * Reads a report and checks that nothing in it was changed since the holder of `signer` signed it. Which device that is, and whether
 * it can be trusted to measure, the caller must know: anybody can make a key.
 */
export async function readAcceptance(text: string): Promise<ReadAcceptance> {
  const sealed = partsOf(text)
  if (!sealed) return refused('not-a-report', 'It is no JSON with `report` and `signature`.')
  const payload = Buffer.from(signedBytes(sealed.report)).toString('base64url')
  try {
    const { protectedHeader } = await compactVerify(`${sealed.head}.${payload}.${sealed.signature}`, EmbeddedJWK, {
      algorithms: ['EdDSA'],
    })
    if (protectedHeader.typ !== typ || !protectedHeader.jwk) throw new Error(`it is signed as ${protectedHeader.typ}`)
    const parsed = Acceptance.safeParse(sealed.report)
    if (!parsed.success) return refused('report-strange', parsed.error.issues[0]?.path.join('.') ?? '')
    return { ok: true, report: parsed.data, signer: await calculateJwkThumbprint(protectedHeader.jwk) }
  } catch (error) {
    return refused('signature-wrong', (error as Error).message)
  }
}

const signedBytes = (report: unknown) => new TextEncoder().encode(JSON.stringify(report))

function partsOf(text: string): { report: unknown; head: string; signature: string } | null {
  try {
    const { report, signature } = JSON.parse(text)
    const [, head, mark] = /^([\w-]+)\.\.([\w-]+)$/.exec(signature) ?? []
    return report && head && mark ? { report, head, signature: mark } : null
  } catch {
    return null
  }
}

const refused = (code: Extract<ReadAcceptance, { ok: false }>['refusal']['code'], message: string) =>
  ({ ok: false, refusal: { code, message } }) as const

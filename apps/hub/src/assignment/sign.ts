import type { KeyObject } from 'node:crypto'
import { type Assignment, assignmentType } from '@tradewind/protocol'
import { CompactSign, calculateJwkThumbprint } from 'jose'
import type { Authority } from '../authority/authority'

/** Turns an assignment into a compact JWS by the key that devices learnt when they enrolled. */
export type Sign = (assignment: Assignment) => Promise<string>

export async function signer({ signingKey, signingJwk }: Pick<Authority, 'signingKey' | 'signingJwk'>): Promise<Sign> {
  const kid = await calculateJwkThumbprint(signingJwk)
  return (assignment) => signed(assignment, signingKey, kid)
}

const signed = (assignment: Assignment, key: KeyObject, kid: string) =>
  new CompactSign(Buffer.from(JSON.stringify(assignment)))
    .setProtectedHeader({ alg: 'EdDSA', kid, typ: assignmentType })
    .sign(key)

import { Assignment, assignmentType } from '@tradewind/protocol'
import { compactVerify, importJWK } from 'jose'
import type { Enrolled } from '../identity/identity'

/** Why an assignment is not followed. */
export type AssignmentRefusal = 'unsigned' | 'not-understood' | 'other-device' | 'other-revision' | 'older'
export type ReadAssignment = { ok: true; assignment: Assignment } | { ok: false; code: AssignmentRefusal }

/** What the enrolled hub signed for this device, and nobody else for any. */
export async function readAssignment(jws: string, { hub, deviceId }: Enrolled): Promise<ReadAssignment> {
  const payload = await signedPayload(jws, hub.signingKey)
  if (payload === null) return { ok: false, code: 'unsigned' }
  const read = Assignment.safeParse(payload)
  if (!read.success) return { ok: false, code: 'not-understood' }
  if (read.data.deviceId !== deviceId) return { ok: false, code: 'other-device' }
  return { ok: true, assignment: read.data }
}

async function signedPayload(jws: string, signingKey: Enrolled['hub']['signingKey']): Promise<unknown> {
  try {
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK(signingKey, 'EdDSA'), {
      algorithms: ['EdDSA'],
    })
    return protectedHeader.typ === assignmentType ? JSON.parse(new TextDecoder().decode(payload)) : null
  } catch {
    return null
  }
}

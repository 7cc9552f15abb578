import { admitStart } from '@tradewind/fleet'
import { PasswordClaims, type ProblemCode, passwordLifeSeconds } from '@tradewind/protocol'
import { decodeJwt, errors, jwtVerify } from 'jose'
import type { Device, Roster } from './roster'

export type Verdict =
  | { admit: true; device: Device; claims: PasswordClaims }
  | { admit: false; code: Refused; latestStart?: number }
export type Refused = Extract<
  ProblemCode,
  'password-forged' | 'password-stale' | 'device-unknown' | 'device-revoked' | 'identity-superseded' | 'start-behind'
>

/** Whether the broker would let this password in now. The same answer serves the broker and `GET /session`. */
export async function admit(roster: Roster, password: string, nowMs: number): Promise<Verdict> {
  const device = roster.get(claimedDevice(password))
  if (!device) return { admit: false, code: 'device-unknown' }
  if (device.revoked) return { admit: false, code: 'device-revoked' }
  const claims = await verified(password, device, nowMs)
  if (typeof claims === 'string') return { admit: false, code: claims }
  const holder = device.presence && { start: device.presence.start, run: device.run }
  const admission = admitStart(holder, claims, device.isConnected)
  return admission.admit ? { admit: true, device, claims } : admission
}

function claimedDevice(password: string): string {
  try {
    return decodeJwt(password).sub ?? ''
  } catch {
    return ''
  }
}

async function verified(password: string, device: Device, nowMs: number): Promise<PasswordClaims | Refused> {
  try {
    const { payload } = await jwtVerify(password, device.key, {
      algorithms: ['EdDSA'],
      currentDate: new Date(nowMs),
      clockTolerance: passwordLifeSeconds,
    })
    const claims = PasswordClaims.safeParse(payload)
    if (!claims.success) return 'password-forged'
    const age = Math.abs(nowMs / 1000 - claims.data.iat)
    return age > passwordLifeSeconds ? 'password-stale' : claims.data
  } catch (error) {
    return error instanceof errors.JWTExpired ? 'password-stale' : 'password-forged'
  }
}

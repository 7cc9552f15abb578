import type { KeyObject } from 'node:crypto'
import { SignJWT } from 'jose'

/** The MQTT password: who this is and which start of it, signed by its key, good for two minutes of the hub's time. */
export const signPassword = (
  key: KeyObject,
  { deviceId, start, run, nowMs }: { deviceId: string; start: number; run: string; nowMs: number },
) =>
  new SignJWT({ start, run })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(deviceId)
    .setIssuedAt(Math.floor(nowMs / 1000))
    .sign(key)

/** What is on record about the key and the token of a device that asks to be let in. */
export type EnrolmentCase = {
  nowMs: number
  key: { deviceId: string; replaced: boolean; revoked: boolean } | null
  parked: { refused: boolean } | null
  /** undefined: none was shown; null: one was shown that this hub never made */
  token: TokenRecord | null | undefined
}
export type TokenRecord = {
  expiresAtMs: number
  used: boolean
  revoked: boolean
  /** the device whose key this token may replace; null for a new device */
  forDevice: { id: string; revoked: boolean } | null
}

export type EnrolmentVerdict =
  | { do: 'welcome-back'; deviceId: string }
  | { do: 'enrol' }
  | { do: 'take-over'; deviceId: string }
  | { do: 'park' }
  | { do: 'refuse'; code: EnrolmentRefusal }

export type EnrolmentRefusal =
  | 'device-revoked'
  | 'identity-superseded'
  | 'enrolment-refused'
  | 'token-unknown'
  | 'token-used'
  | 'token-revoked'
  | 'token-expired'

/**
 * Who is let in. A key on record answers for itself, so a device that lost the hub's reply simply asks again; a new key
 * needs a token that is known, unused, not revoked and not expired; without any token a person decides.
 */
export function decideEnrolment({ key, parked, token, nowMs }: EnrolmentCase): EnrolmentVerdict {
  if (key?.revoked) return { do: 'refuse', code: 'device-revoked' }
  if (key?.replaced) return { do: 'refuse', code: 'identity-superseded' }
  if (key) return { do: 'welcome-back', deviceId: key.deviceId }
  if (token === undefined) return parked?.refused ? { do: 'refuse', code: 'enrolment-refused' } : { do: 'park' }
  const code = tokenRefusal(token, nowMs)
  if (code) return { do: 'refuse', code }
  const heir = token?.forDevice
  if (heir?.revoked) return { do: 'refuse', code: 'device-revoked' }
  return heir ? { do: 'take-over', deviceId: heir.id } : { do: 'enrol' }
}

function tokenRefusal(token: TokenRecord | null, nowMs: number): EnrolmentRefusal | null {
  if (token === null) return 'token-unknown'
  if (token.revoked) return 'token-revoked'
  if (token.used) return 'token-used'
  return token.expiresAtMs <= nowMs ? 'token-expired' : null
}

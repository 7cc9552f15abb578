import { describe, expect, test } from 'vitest'
import { decideEnrolment, type EnrolmentCase, type EnrolmentVerdict, type TokenRecord } from './enrolment'

const nowMs = 1_790_000_000_000
const good: TokenRecord = { expiresAtMs: nowMs + 1, used: false, revoked: false, forDevice: null }

const keys = {
  'new key': null,
  'known key': { deviceId: 'dev1', replaced: false, revoked: false },
  'replaced key': { deviceId: 'dev1', replaced: true, revoked: false },
  'key of a revoked device': { deviceId: 'dev1', replaced: false, revoked: true },
  'replaced key of a revoked device': { deviceId: 'dev1', replaced: true, revoked: true },
} satisfies Record<string, EnrolmentCase['key']>

const waits = {
  'never asked': null,
  waiting: { refused: false },
  'refused by a person': { refused: true },
} satisfies Record<string, EnrolmentCase['parked']>

const tokens = {
  'no token': undefined,
  'unknown token': null,
  'good token': good,
  'token that expires now': { ...good, expiresAtMs: nowMs },
  'used token': { ...good, used: true },
  'revoked token': { ...good, revoked: true },
  'revoked, used and expired token': { ...good, revoked: true, used: true, expiresAtMs: 0 },
  'used and expired token': { ...good, used: true, expiresAtMs: 0 },
  'token for another device': { ...good, forDevice: { id: 'dev2', revoked: false } },
  'token for a revoked device': { ...good, forDevice: { id: 'dev2', revoked: true } },
  'used token for another device': { ...good, used: true, forDevice: { id: 'dev2', revoked: false } },
} satisfies Record<string, EnrolmentCase['token']>

const refuse = (code: string) => ({ do: 'refuse', code }) as EnrolmentVerdict

/** A key on record answers for itself, whatever token comes with it. */
const byKey: { [K in keyof typeof keys]: EnrolmentVerdict | null } = {
  'new key': null,
  'known key': { do: 'welcome-back', deviceId: 'dev1' },
  'replaced key': refuse('identity-superseded'),
  'key of a revoked device': refuse('device-revoked'),
  'replaced key of a revoked device': refuse('device-revoked'),
}

/** A token answers for a new key, even when a person refused that key before. */
const byToken: { [T in keyof typeof tokens]: EnrolmentVerdict | null } = {
  'no token': null,
  'unknown token': refuse('token-unknown'),
  'good token': { do: 'enrol' },
  'token that expires now': refuse('token-expired'),
  'used token': refuse('token-used'),
  'revoked token': refuse('token-revoked'),
  'revoked, used and expired token': refuse('token-revoked'),
  'used and expired token': refuse('token-used'),
  'token for another device': { do: 'take-over', deviceId: 'dev2' },
  'token for a revoked device': refuse('device-revoked'),
  'used token for another device': refuse('token-used'),
}

const byWait: { [W in keyof typeof waits]: EnrolmentVerdict } = {
  'never asked': { do: 'park' },
  waiting: { do: 'park' },
  'refused by a person': refuse('enrolment-refused'),
}

type Entries<T> = { [K in keyof T]: [K, T[K]] }[keyof T][]
const entries = <T extends object>(table: T) => Object.entries(table) as Entries<T>

describe.each(entries(keys))('%s', (keyName, key) => {
  describe.each(entries(tokens))('%s', (tokenName, token) => {
    test.each(entries(waits))('%s', (waitName, parked) => {
      const expected = byKey[keyName] ?? byToken[tokenName] ?? byWait[waitName]
      expect(decideEnrolment({ nowMs, key, parked, token })).toEqual(expected)
    })
  })
})

import { z } from 'zod'
import { accept, type Result, refuse } from './refusal'

/**
 * What an operator hands to a device: where the hub is, which CA it must show, and a one-time secret.
 * `urls` are the hub's HTTPS addresses, best first.
 */
const EnrolToken = z.object({
  urls: z
    .array(z.url({ protocol: /^https$/ }))
    .min(1)
    .max(12),
  caSha256: z.string().regex(/^[0-9a-f]{64}$/),
  secret: z.string().regex(/^[A-Za-z0-9_-]{32}$/),
})
export type EnrolToken = z.infer<typeof EnrolToken>

const prefix = 'tw1_'

export const writeEnrolToken = (token: EnrolToken) =>
  prefix + btoa(JSON.stringify(token)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')

export function readEnrolToken(text: string): Result<EnrolToken> {
  if (!text.startsWith(prefix)) return refuse('invalid', `an enrolment token starts with ${prefix}`)
  try {
    const json: unknown = JSON.parse(atob(text.slice(prefix.length).replaceAll('-', '+').replaceAll('_', '/')))
    const parsed = EnrolToken.safeParse(json)
    return parsed.success ? accept(parsed.data) : refuse('invalid', 'a part of the token is missing')
  } catch {
    return refuse('invalid', 'the token was cut short or changed')
  }
}

/** Claims of the JWS that a device signs with its new key and posts to `/enrol`. */
export const EnrolClaims = z.object({
  secret: z.string().max(64).optional().describe('of the enrolment token; without one the device is parked'),
  name: z.string().trim().min(1).max(63),
  agentVersion: z.string().max(40),
  hints: z.object({
    board: z.string().max(200).optional(),
    serialHash: z.string().max(64).optional(),
  }),
})
export type EnrolClaims = z.infer<typeof EnrolClaims>

export const EnrolReply = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('enrolled'),
    deviceId: z.string(),
    mqttPort: z.number().int().min(1).max(65_535),
    signingKey: z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() }),
    now: z.number().int(),
  }),
  z.object({
    state: z.literal('awaiting-approval'),
    fingerprint: z.string(),
    retryAfterSeconds: z.number().int().positive(),
    now: z.number().int(),
  }),
])
export type EnrolReply = z.infer<typeof EnrolReply>

/** Claims of the MQTT password: a JWS by the device's key that is good for two minutes of the hub's time. */
export const PasswordClaims = z.object({
  sub: z.string().describe('device id'),
  start: z.number().int().positive(),
  run: z
    .string()
    .regex(/^[a-z0-9]{8,32}$/)
    .describe('random per process: tells two clones with one start apart'),
  iat: z.number().int().nonnegative(),
})
export type PasswordClaims = z.infer<typeof PasswordClaims>
export const passwordLifeSeconds = 120

export const problemCodes = [
  'token-unknown',
  'token-used',
  'token-expired',
  'token-revoked',
  'enrolment-refused',
  'parking-full',
  'rate-limited',
  'bad-request',
  'bad-signature',
  'password-forged',
  'password-stale',
  'device-unknown',
  'device-revoked',
  'identity-superseded',
  'start-behind',
  'unauthorised',
  'forbidden',
  'not-found',
  'store-unavailable',
  'device-unreachable',
  'conflict',
  'rollouts-missing',
  'too-large',
  'language-unknown',
  'not-serving',
  'busy',
  'not-heard',
  'clip-gone',
  'timed-out',
  'interrupted',
  'internal',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/** The body of every HTTP error: what went wrong, by code and in words, and what to do next. */
export const Problem = z.object({
  code: z.enum(problemCodes),
  message: z.string(),
  next: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
})
export type Problem = z.infer<typeof Problem>

/** 20 hex digits of a key's thumbprint in groups of four, short enough to compare by eye across a room. */
export function fingerprintOf(thumbprint: string) {
  const binary = atob(thumbprint.replaceAll('-', '+').replaceAll('_', '/'))
  const hex = Array.from(binary, (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('')
  return hex.slice(0, 20).match(/.{4}/g)?.join('-') ?? ''
}

import type { z } from 'zod'

/** Why a message was not taken. The wire, the audit and the device page all use these codes. */
export const refusalCodes = [
  'unknown-topic',
  'too-large',
  'not-json',
  'unknown-version',
  'invalid',
  'wrong-direction',
  'wrong-device',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** `where` is a path into the message (`samples.3.seq`), a topic, or a limit such as `65536 bytes`. */
export type Refusal = { code: RefusalCode; where: string }

export type Result<T> = { ok: true; value: T } | { ok: false; refusal: Refusal }

export const accept = <T>(value: T): Result<T> => ({ ok: true, value })
export const refuse = (code: RefusalCode, where: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code, where },
})

/** The first complaint of zod as a refusal: one is enough to act on, and it stays small on the wire. */
export const invalid = (error: z.ZodError): { ok: false; refusal: Refusal } =>
  refuse('invalid', error.issues[0]?.path.map(String).join('.') || '(message)')

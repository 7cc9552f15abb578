import { readEnrolToken } from '@tradewind/protocol'
import { z } from 'zod'

const Token = z.looseObject({
  id: z.string().min(1),
  note: z.string(),
  state: z.string(),
  createdMs: z.number(),
  createdBy: z.string(),
  expiresMs: z.number(),
  forDevice: z.string().nullable(),
  usedBy: z.string().nullable(),
})
export type Token = z.infer<typeof Token>
export const TokenList = z.object({ tokens: z.array(Token) })

/** A token that no device could read must not get as far as a card. */
export const CreatedToken = z.looseObject({
  id: z.string().min(1),
  text: z.string().refine((text) => readEnrolToken(text).ok, 'no enrolment token'),
  expiresMs: z.number(),
})

export const Done = z.looseObject({})

import { z } from 'zod'
import { passwordLength } from '../../../people/password'
import { isOwnOrigin } from '../../../server/own-origin'
import { choosePassword, whomOf } from '../../../server/password'
import { ProblemError, problemReply } from '../../../server/problem'

const Body = z.object({
  code: z.string().min(1).max(100),
  password: z.string().min(passwordLength.least).max(passwordLength.most).optional(),
})

/** With a code alone: whom it invites. With a password too: they are in. For people without a session, so not of `/api/v1`. */
export async function POST(request: Request): Promise<Response> {
  try {
    if (!isOwnOrigin(request.headers))
      throw new ProblemError('forbidden', 'The request came from another site.', 'Open the link that you were given.')
    const body = Body.safeParse(await request.json().catch(() => null))
    if (!body.success) throw new ProblemError('bad-request', 'The password is too short or too long.', 'Correct it.')
    const { code, password } = body.data
    if (password === undefined) return Response.json(await whomOf(code), { headers: { 'Cache-Control': 'no-store' } })
    return await choosePassword({ code, password }, request.headers)
  } catch (error) {
    if (error instanceof ProblemError) return problemReply(error)
    console.error(error)
    return problemReply(
      new ProblemError('internal', 'The password could not be kept.', 'Ask an admin for another link.'),
    )
  }
}

import { z } from 'zod'
import { passwordLength } from '../../../people/password'
import { createFirstAdmin } from '../../../server/first-admin'
import { isOwnOrigin } from '../../../server/own-origin'
import { ProblemError, problemReply } from '../../../server/problem'

const Body = z.object({
  code: z.string().max(100),
  name: z.string().trim().min(1).max(80),
  email: z.email().max(200),
  password: z.string().min(passwordLength.least).max(passwordLength.most),
})

export async function POST(request: Request): Promise<Response> {
  try {
    if (!isOwnOrigin(request.headers))
      throw new ProblemError('forbidden', 'The request came from another site.', 'Open the link from the terminal.')
    const body = Body.safeParse(await request.json().catch(() => null))
    if (!body.success) throw new ProblemError('bad-request', 'A field is missing or too short.', 'Correct it.')
    return await createFirstAdmin(body.data, request.headers)
  } catch (error) {
    if (error instanceof ProblemError) return problemReply(error)
    console.error(error)
    return problemReply(new ProblemError('internal', 'The account could not be made.', 'Start npm start again.'))
  }
}

import type { z } from 'zod'
import { type Deed, may, roleFor } from '../people/permission'
import { isOwnOrigin } from './own-origin'
import { type Asker, askerOf } from './person'
import { ProblemError, problemReply } from './problem'

type Input<B, Q> = { asker: Asker; params: Record<string, string>; body: B; query: Q; request: Request }
type Shape<B, Q> = {
  deed: Deed
  body?: z.ZodType<B>
  query?: z.ZodType<Q>
  /** What it returns is the JSON of the answer, unless it is a `Response` already. */
  run: (input: Input<B, Q>) => Promise<unknown>
}
type Context = { params: Promise<Record<string, string>> }

/** The one shape of `/api/v1`: who asks, may they, is it well-formed, do it, answer in JSON or with a `Problem`. */
export function endpoint<B = undefined, Q = undefined>(shape: Shape<B, Q>) {
  return async (request: Request, context: Context): Promise<Response> => {
    try {
      const asker = await admit(request, shape.deed)
      const query = parse(shape.query, Object.fromEntries(new URL(request.url).searchParams)) as Q
      const body = parse(shape.body, shape.body && (await request.json().catch(() => null))) as B
      const answer = await shape.run({ asker, params: await context.params, body, query, request })
      if (answer instanceof Response) return answer
      return Response.json(answer, { headers: { 'Cache-Control': 'no-store' } })
    } catch (error) {
      return problemReply(asProblem(error))
    }
  }
}

async function admit(request: Request, deed: Deed): Promise<Asker> {
  const asker = await askerOf(request.headers)
  if (!asker) throw new ProblemError('unauthorised', 'You are not signed in.', 'Sign in, or send an API token.')
  if (asker.by === 'session' && request.method !== 'GET' && !isOwnOrigin(request.headers))
    throw new ProblemError('forbidden', 'The request came from another site.', 'Use an API token from programs.')
  if (!may(asker.role, deed))
    throw new ProblemError('forbidden', `Your role is ${asker.role}.`, `Ask someone who is ${roleFor(deed)} to do it.`)
  return asker
}

function parse<T>(schema: z.ZodType<T> | undefined, value: unknown): T | undefined {
  if (!schema) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.join('.') || 'the body'
  throw new ProblemError('bad-request', `${where}: ${issue?.message ?? 'not understood'}`, 'Correct it and send again.')
}

function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  // By its name: the store was opened by one bundle of Next.js, and this may be another, with a class of its own.
  if (error instanceof Error && error.name === 'UsageError')
    return new ProblemError('bad-request', sentence(error.message), 'Then try again.')
  console.error(error)
  return new ProblemError('internal', 'The dashboard failed while doing this.', 'Look at its log, then try again.')
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

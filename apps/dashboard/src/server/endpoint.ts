import type { z } from 'zod'
import { type Deed, may, mayDo, roleFor } from '../people/permission'
import type { Operation } from './operations/operation'
import {
  type BodyOf,
  type OperationName,
  operations,
  type ParamsOf,
  type QueryOf,
  type ReplyOf,
} from './operations/table'
import { isOwnOrigin } from './own-origin'
import { type Asker, askerOf } from './person'
import { ProblemError, problemReply } from './problem'

type Input<N extends OperationName> = {
  asker: Asker
  params: ParamsOf<N>
  body: BodyOf<N>
  query: QueryOf<N>
  request: Request
}
type Context = { params: Promise<Record<string, string>> }

/** The one shape of `/api/v1`: who asks, may they, is it well-formed, do it, answer in JSON or with a `Problem`. */
export function endpoint<N extends OperationName>(name: N, run: (input: Input<N>) => Promise<ReplyOf<N>>) {
  const operation: Operation = operations[name]
  return async (request: Request, context: Context): Promise<Response> => {
    try {
      const asker = await admit(request, operation.deed)
      const params = (await context.params) as ParamsOf<N>
      const query = parse(operation.query, Object.fromEntries(new URL(request.url).searchParams)) as QueryOf<N>
      const body = (await bodyOf(operation, request)) as BodyOf<N>
      const answer: unknown = await run({ asker, params, body, query, request })
      if (answer instanceof Response) return answer
      return Response.json(answer, { headers: { 'Cache-Control': 'no-store' } })
    } catch (error) {
      return problemReply(asProblem(error))
    }
  }
}

/** What is not JSON is left to the route, which may pass it on as it comes in. */
async function bodyOf({ body }: Operation, request: Request): Promise<unknown> {
  if (body === undefined || typeof body === 'string') return undefined
  return parse(body, await request.json().catch(() => null))
}

async function admit(request: Request, deed: Deed): Promise<Asker> {
  const asker = await askerOf(request.headers)
  if (!asker) throw new ProblemError('unauthorised', 'You are not signed in.', 'Sign in, or send an API token.')
  if (asker.by === 'session' && request.method !== 'GET' && !isOwnOrigin(request.headers))
    throw new ProblemError('forbidden', 'The request came from another site.', 'Use an API token from programs.')
  if (!may(asker.role, deed))
    throw new ProblemError('forbidden', `Your role is ${asker.role}.`, `Ask someone who is ${roleFor(deed)} to do it.`)
  if (!mayDo(asker, deed))
    throw new ProblemError('forbidden', `This API token is not made for ${deed}.`, 'Use one that is.')
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

import type { Problem } from '@tradewind/protocol'

/** An answer of the API that was not the wished one. */
export class CallFailed extends Error {
  override name = 'CallFailed'
  constructor(readonly problem: Problem) {
    super(problem.message)
  }
}

export const noAnswer: Problem = {
  code: 'internal',
  message: 'The dashboard does not answer.',
  next: 'Check that it still runs, then try again.',
}

/** Calls the dashboard's own API. Throws `CallFailed`, always with a problem that can be shown. */
export async function call<T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  signal?: AbortSignal,
): Promise<T> {
  const reply = await fetch(path, {
    method,
    signal,
    headers: body && { 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  }).catch(() => null)
  if (!reply) throw new CallFailed(noAnswer)
  const answer: unknown = await reply.json().catch(() => null)
  if (reply.ok) return answer as T
  throw new CallFailed(isProblem(answer) ? answer : noAnswer)
}

export const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'next' in value

export const problemFrom = (error: unknown): Problem => (error instanceof CallFailed ? error.problem : noAnswer)

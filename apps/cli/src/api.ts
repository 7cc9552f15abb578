import { Problem } from '@tradewind/protocol'
import type { z } from 'zod'
import { Failure } from './failure'
import type { Login } from './saved-login'

export type Api = {
  /** Throws `Failure` when the dashboard cannot be reached, refuses, or answers what makes no sense. */
  call: <T>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    reply: z.ZodType<T>,
    /** JSON, or bytes as they are */
    body?: object,
  ) => Promise<T>
}

const timeoutMs = 30_000

/** The dashboard's REST API with a bearer token. */
export const openApi = ({ url, token }: Login): Api => ({
  async call(method, path, reply, body) {
    const address = `${url}/api/v1${path}`
    const response = await send(address, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body ? { 'content-type': isBytes(body) ? 'application/octet-stream' : 'application/json' } : {}),
      },
      ...(body ? { body: isBytes(body) ? body : JSON.stringify(body) } : {}),
    })
    if (!response.ok) throw refusal(address, response)
    const parsed = reply.safeParse(response.json)
    if (parsed.success) return parsed.data
    const where = parsed.error.issues[0]?.path.join('.') || 'the body'
    throw badReply(address, `its answer is not as expected at ${where}`)
  },
})

const isBytes = (body: object): body is Uint8Array<ArrayBuffer> => body instanceof Uint8Array

type Answer = { ok: boolean; code: number; json: unknown }

async function send(address: string, request: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(address, { ...request, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    const text = await response.text()
    return { ok: response.ok, code: response.status, json: parseJson(text) }
  } catch (error) {
    const next = 'Is the dashboard running? npm start starts it. Is the address right? tradewind login changes it.'
    throw new Failure('unreachable', `${address} cannot be reached: ${reasonOf(error)}.`, next)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name could not be looked up',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no way to that host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted here',
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } }
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`
  return reasons[cause?.code ?? ''] ?? (cause?.message || cause?.code || message)
}

function refusal(address: string, { code, json }: Answer): Failure {
  const problem = Problem.safeParse(json)
  if (!problem.success) return badReply(address, `it answered HTTP ${code} without saying why`)
  return new Failure(problem.data.code, problem.data.message, problem.data.next)
}

const badReply = (address: string, what: string) =>
  new Failure(
    'bad-reply',
    `${address} does not speak as this version of Tradewind: ${what}.`,
    'Check that the address is that of the dashboard, and that both are of the same version.',
  )

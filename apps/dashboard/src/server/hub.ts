import { readFile } from 'node:fs/promises'
import { Answer, Problem, type Question } from '@tradewind/protocol'
import { z } from 'zod'
import { inData } from './env'
import { ProblemError } from './problem'

const HubLocal = z.object({ port: z.number().int().min(1).max(65_535), secret: z.string().min(1) })

/** Calls the hub on this machine. Its address is read each time: a hub that starts again has a new port and secret. */
async function call(path: string, init: RequestInit = {}): Promise<Response> {
  try {
    const { port, secret } = HubLocal.parse(JSON.parse(await readFile(inData('hub.local.json'), 'utf8')))
    const headers = { ...init.headers, Authorization: `Bearer ${secret}` }
    return await fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers, cache: 'no-store' })
  } catch {
    throw new ProblemError('store-unavailable', 'The hub does not answer.', 'Start it with npm start, then try again.')
  }
}

/** Tells the hub to look at the store now. It also looks by itself, so a hub that is away is no error. */
export async function wake() {
  await call('/wake', { method: 'POST', signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
}

/** Throws `ProblemError`: 503 when the hub or the device does not answer within 30 s. */
export async function ask(deviceId: string, question: Question): Promise<Answer> {
  const reply = await call('/ask', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ deviceId, question }),
    signal: AbortSignal.timeout(30_000),
  })
  const body: unknown = await reply.json().catch(() => null)
  if (!reply.ok) throw problemOf(body)
  return Answer.parse(body)
}

/** The hub's server-sent events, of one device or of all. Throws `ProblemError` when the hub is away. */
export async function openEvents(deviceId: string | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const query = deviceId ? `?device=${encodeURIComponent(deviceId)}` : ''
  const reply = await call(`/events${query}`, { signal })
  if (reply.ok && reply.body) return reply.body
  throw problemOf(await reply.json().catch(() => null))
}

function problemOf(body: unknown) {
  const parsed = Problem.safeParse(body)
  if (parsed.success) return new ProblemError(parsed.data.code, parsed.data.message, parsed.data.next)
  return new ProblemError('internal', 'The hub gave an answer that could not be read.', 'Look at the log of the hub.')
}

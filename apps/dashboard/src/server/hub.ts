import { readFile } from 'node:fs/promises'
import {
  Answer,
  Mirror,
  MirrorAdded,
  MirrorPruned,
  Problem,
  type Question,
  TrialReply,
  type TrialWish,
} from '@tradewind/protocol'
import { z } from 'zod'
import { inData } from './env'
import { ProblemError } from './problem'

const HubLocal = z.object({ port: z.number().int().min(1).max(65_535), secret: z.string().min(1) })

/** Calls the hub on this machine. Its address is read each time: a hub that starts again has a new port and secret. */
async function call(path: string, init: RequestInit = {}): Promise<Response> {
  try {
    return await reach(path, init)
  } catch {
    throw away()
  }
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  const { port, secret } = HubLocal.parse(JSON.parse(await readFile(inData('hub.local.json'), 'utf8')))
  const headers = { ...init.headers, Authorization: `Bearer ${secret}` }
  return fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers, cache: 'no-store' })
}

/** Tells the hub to look at the store now. It also looks by itself, so a hub that is away is no error. */
export async function wake() {
  await call('/wake', { method: 'POST', signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
}

/** Throws `ProblemError`: 503 when the hub or the device does not answer within 30 s. */
export const ask = (deviceId: string, question: Question): Promise<Answer> =>
  order('/ask', { deviceId, question }, Answer)

/** Has the hub do something, and waits for its answer. Throws `ProblemError` when it refuses, or is away for 30 s. */
export async function order<T>(path: string, ask: object, answer: z.ZodType<T>): Promise<T> {
  const reply = await call(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(ask),
    signal: AbortSignal.timeout(30_000),
  })
  return readAnswer(reply, answer)
}

async function readAnswer<T>(reply: Response, answer: z.ZodType<T>): Promise<T> {
  const body: unknown = await reply.json().catch(() => null)
  if (!reply.ok) throw problemOf(body)
  const parsed = answer.safeParse(body)
  if (parsed.success) return parsed.data
  throw problemOf(null)
}

/** Throws `ProblemError` when the hub is away. */
export async function readFrom<T>(path: string, answer: z.ZodType<T>): Promise<T> {
  return readAnswer(await call(path, { signal: AbortSignal.timeout(30_000) }), answer)
}

/** Passes a body on as it comes in. Throws `ProblemError` when the hub refuses it, or is away. */
export async function passOn<T>(
  path: string,
  body: ReadableStream<Uint8Array> | null,
  answer: z.ZodType<T>,
): Promise<T> {
  const init = { method: 'POST', body, duplex: 'half', signal: AbortSignal.timeout(120_000) }
  return readAnswer(await call(path, init as RequestInit), answer)
}

export const readMirror = () => askMirror('', undefined, Mirror)

/** Throws `ProblemError` when the build is unknown, or the source fails or says other than it said before. */
export const addToMirror = (wish: { build: string; resolveOnly: boolean; actor: string }) =>
  askMirror('/add', wish, MirrorAdded)

export const pruneMirror = (wish: { actor: string }) => askMirror('/prune', wish, MirrorPruned)

async function askMirror<T>(path: string, wish: object | undefined, reply: z.ZodType<T>): Promise<T> {
  const init = wish && { method: 'POST', body: JSON.stringify(wish) }
  const answer = await call(`/mirror${path}`, { ...init, signal: AbortSignal.timeout(30_000) })
  const body: unknown = await answer.json().catch(() => null)
  if (!answer.ok) throw problemOf(body)
  return reply.parse(body)
}

type Trial = {
  deviceId: string
  wish: TrialWish
  actor: string
  body: ReadableStream<Uint8Array> | null
  /** aborts when whoever asked no longer waits */
  signal: AbortSignal
}

/** Passes the clip on as it comes in. Throws `ProblemError` when the hub or the device refuses, or goes away meanwhile. */
export async function tryDevice({ deviceId, wish, actor, body, signal }: Trial): Promise<TrialReply> {
  const query = new URLSearchParams({ ...wish, deviceId, actor })
  const init = { method: 'POST', body, signal, duplex: 'half' }
  const reply = await reach(`/try?${query}`, init as RequestInit).catch(
    (error: Error & { cause?: { code?: string } }) => {
      const wasReached = error instanceof TypeError && error.cause?.code !== 'ECONNREFUSED'
      throw wasReached ? interrupted() : away()
    },
  )
  const answer: unknown = await reply.json().catch(() => null)
  if (!reply.ok) throw problemOf(answer)
  return TrialReply.parse(answer)
}

const away = () =>
  new ProblemError('store-unavailable', 'The hub does not answer.', 'Start it with npm start, then try again.')

const interrupted = () =>
  new ProblemError(
    'interrupted',
    'The hub went away while the device listened.',
    'Nothing of the clip was kept. Try again once the hub is back.',
  )

/** The hub's server-sent events, as the query of `GET /events` wants them. Throws `ProblemError` when the hub is away. */
export async function openEvents(
  wish: { device?: string | undefined; only?: string | undefined },
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const query = new URLSearchParams(Object.entries(wish).filter(([, value]) => value !== undefined))
  const reply = await call(`/events?${query}`, { signal })
  if (reply.ok && reply.body) return reply.body
  throw problemOf(await reply.json().catch(() => null))
}

function problemOf(body: unknown) {
  const parsed = Problem.safeParse(body)
  if (parsed.success) {
    const { code, message, next, detail } = parsed.data
    return new ProblemError(code, message, next, detail)
  }
  return new ProblemError('internal', 'The hub gave an answer that could not be read.', 'Look at the log of the hub.')
}

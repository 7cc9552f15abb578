import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { EngineError } from './engine'
import { lost } from './openai-server-answer'

/** Where a server is, and what it wants to see from those who ask. */
export type Place = { url: string; key: string | null }

/**
 * Asks a server. There is no time-out: the first token of a long prompt may take minutes, and whoever supervises has a
 * watchdog. Node's own `fetch` would give up after five. Each request has its connection, so that closing it is what ends
 * a generation. Throws `EngineError`: `engine-lost` or `aborted`.
 */
export function ask(place: Place, path: string, body: unknown, signal: AbortSignal): Promise<IncomingMessage> {
  const url = new URL(place.url.replace(/\/$/, '') + path)
  const text = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
  const headers = {
    ...(place.key === null ? {} : { authorization: `Bearer ${place.key}` }),
    ...(text && { 'content-type': 'application/json', 'content-length': text.length }),
  }
  const { request } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: text ? 'POST' : 'GET', headers, agent: false, signal })
    asking.once('response', resolve)
    asking.on('error', (error) => reject(brokenBy(error, signal)))
    asking.end(text)
  })
}

export const brokenBy = (error: unknown, signal: AbortSignal): EngineError => {
  if (error instanceof EngineError) return error
  if (signal.aborted) return new EngineError('aborted', 'The generation was ended by who asked for it.')
  return lost('The connection to the engine broke.', { system: (error as NodeJS.ErrnoException).code ?? 'unknown' })
}

/** The body as text; what is beyond `most` bytes is cut off. */
export async function textOf(answer: IncomingMessage, most = 64 * 1024): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece)
    bytes += piece.length
    if (bytes > most) break
  }
  return Buffer.concat(pieces).toString('utf8').slice(0, most)
}

/** How long a server may take to say something about itself. */
const patienceMs = 2_000

/** The answer as JSON, or null when there is none in time. */
export async function look(place: Place, path: string, body?: unknown): Promise<unknown> {
  try {
    const answer = await ask(place, path, body, AbortSignal.timeout(patienceMs))
    const text = await textOf(answer)
    return answer.statusCode === 200 ? (text === '' ? {} : JSON.parse(text)) : null
  } catch {
    return null
  }
}

/**
 * Whether anything is there to be asked. A server that takes the connection and then is silent is there: llama-server
 * has few threads for HTTP, and long answers to others hold them all. Whether it ever answers is the watchdog's matter.
 */
export async function isThere(place: Place, path: string): Promise<boolean> {
  const patience = AbortSignal.timeout(patienceMs)
  try {
    const answer = await ask(place, path, undefined, patience)
    answer.destroy()
    return true
  } catch {
    return patience.aborted
  }
}

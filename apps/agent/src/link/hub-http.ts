import { request } from 'node:https'

/** The name that every hub certificate carries; checked against the pinned CA whatever the address. */
export const hubName = 'tradewind-hub'

/** `json` is null when the body is none. */
export type HttpReply = { status: number; body: string; json: unknown }

type RequestOptions = {
  caPem: string | null
  method?: 'GET' | 'POST'
  body?: string
  bearer?: string
  /** without a byte */
  timeoutMs?: number
  signal?: AbortSignal
}

/**
 * One request to the hub. `caPem` null means that its certificate is not checked: only for fetching the CA itself,
 * which is then compared with a pinned hash. Rejects with the network's error or `timed-out`.
 */
export async function hubRequest(url: string, options: RequestOptions): Promise<HttpReply> {
  const { status, body } = await hubBytes(url, { ...options, mostBytes: 64 * 1024 })
  const text = body.toString()
  return { status, body: text, json: parseJson(text) }
}

/** As `hubRequest`, for a reply that is no text. */
export function hubBytes(
  url: string,
  options: RequestOptions & { mostBytes: number },
): Promise<{ status: number; body: Buffer }> {
  const { caPem, method = 'GET', body, bearer, timeoutMs = 10_000, signal, mostBytes } = options
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method,
        agent: false,
        servername: hubName,
        headers: bearer ? { authorization: `Bearer ${bearer}` } : {},
        ...(caPem === null ? { rejectUnauthorized: false } : { ca: caPem }),
        timeout: timeoutMs,
        signal,
      },
      (reply) => {
        const parts: Buffer[] = []
        let size = 0
        reply.on('data', (part: Buffer) => {
          size += part.length
          parts.push(part)
          if (size > mostBytes) outgoing.destroy(new Error('the reply is too large'))
        })
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(parts) }))
        reply.on('error', reject)
      },
    )
    outgoing.on('timeout', () => outgoing.destroy(new Error('timed-out')))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

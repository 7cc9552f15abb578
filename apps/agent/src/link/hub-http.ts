import { request } from 'node:https'

/** The name that every hub certificate carries; checked against the pinned CA whatever the address. */
export const hubName = 'tradewind-hub'

/** `json` is null when the body is none. */
export type HttpReply = { status: number; body: string; json: unknown }

/**
 * One request to the hub. `caPem` null means that its certificate is not checked: only for fetching the CA itself,
 * which is then compared with a pinned hash. Rejects with the network's error or `timed-out`.
 */
export function hubRequest(
  url: string,
  options: { caPem: string | null; method?: 'GET' | 'POST'; body?: string; bearer?: string; timeoutMs?: number },
): Promise<HttpReply> {
  const { caPem, method = 'GET', body, bearer, timeoutMs = 10_000 } = options
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
      },
      (reply) => {
        const parts: Buffer[] = []
        let size = 0
        reply.on('data', (part: Buffer) => {
          size += part.length
          parts.push(part)
          if (size > 64 * 1024) outgoing.destroy(new Error('the reply is too large'))
        })
        reply.on('end', () => {
          const text = Buffer.concat(parts).toString()
          resolve({ status: reply.statusCode ?? 0, body: text, json: parseJson(text) })
        })
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

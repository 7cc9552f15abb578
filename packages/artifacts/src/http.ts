import type { Dispatcher } from 'undici'
import { ArtifactError, fail, type Trouble } from './trouble'

const mostHops = 8
const connectMs = 15_000

export type HttpLimits = {
  /** silence, before the answer or in it, that counts as a stall */
  idleMs: number
  connections: number
}
/** A server that is known by its own CA, under a name that its certificate carries whatever its address. */
export type Pinned = { caPem: string; name: string }
export type HttpAnswer = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'>

/**
 * GET over HTTP(S), by way of HTTP_PROXY and HTTPS_PROXY where they are set, except to a pinned server, which is on our own
 * network. Whatever goes wrong becomes an `ArtifactError`.
 */
export class Http {
  #dispatcher: Promise<Dispatcher> | null = null
  constructor(
    private limits: HttpLimits,
    private pinned: Pinned | null = null,
  ) {}

  /**
   * Follows redirects. `secret` headers go to the origin of `url` alone: a redirect to a CDN must not carry a token away.
   * The body has to be read or destroyed.
   */
  async get(
    url: string,
    headers: Record<string, string>,
    secret: Record<string, string>,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    let at = new URL(url)
    for (let hop = 0; hop < mostHops; hop++) {
      const isHome = at.origin === new URL(url).origin
      const answer = await this.#once(at, isHome ? { ...headers, ...secret } : headers, signal)
      const location = answer.statusCode >= 301 && answer.statusCode <= 308 && answer.headers.location
      if (!location) return answer
      answer.body.on('error', () => {}).destroy()
      at = new URL(String(location), at)
    }
    return fail('redirect-loop', { hops: mostHops })
  }

  async #once(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<HttpAnswer> {
    this.#dispatcher ??= dispatcherOf(this.limits, this.pinned)
    const { idleMs } = this.limits
    try {
      return await (await this.#dispatcher).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'GET',
        headers: { 'accept-encoding': 'identity', 'user-agent': 'tradewind-agent', ...headers },
        signal,
        headersTimeout: idleMs,
        bodyTimeout: idleMs,
      })
    } catch (error) {
      throw networkTrouble(error, url.hostname, idleMs)
    }
  }

  /** Ends every connection. */
  async close() {
    await (await this.#dispatcher)?.destroy()
  }
}

/** Only when something is fetched: the agent that serves does not hold a client in memory. */
async function dispatcherOf({ connections, idleMs }: HttpLimits, pinned: Pinned | null): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import('./undici-client')
  const timeout = Math.min(connectMs, idleMs)
  if (!pinned) return new EnvHttpProxyAgent({ connections, connect: { timeout } })
  return new Agent({ connections, connect: { timeout, ca: pinned.caPem, servername: pinned.name } })
}

/** What a failed connection means. */
export function networkTrouble(error: unknown, host: string, idleMs: number): ArtifactError {
  if (error instanceof ArtifactError) return error
  return new ArtifactError(troubleOf(error as NodeJS.ErrnoException, host, idleMs))
}

function troubleOf({ name, code, message }: NodeJS.ErrnoException, host: string, idleMs: number): Trouble {
  const cause = code ?? message
  if (name === 'AbortError') return { code: 'cancelled' }
  if (cause === 'ENOTFOUND' || cause === 'EAI_AGAIN') return { code: 'name-unknown', host }
  if (/TIMEOUT$/.test(cause)) return { code: 'source-stalled', idleMs }
  if (/CERT|TLS|SSL|SIGNATURE|^EPROTO$/.test(cause)) return { code: 'tls-failed', cause }
  return { code: 'unreachable', cause }
}

import { once } from 'node:events'
import type { Exchange } from './exchange'

/** Server-sent events. Nothing is kept back: each is written when it comes, as fast as the client reads. */
export class Events {
  constructor(
    private exchange: Exchange,
    private idleMs: number,
    headers: Record<string, string>,
  ) {
    exchange.response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    })
  }

  /** Writes one event of JSON text. Rejects with `ClientGone` when the client reads nothing for `idleMs`. */
  async send(json: string): Promise<void> {
    if (!this.exchange.response.write(`data: ${json}\n\n`)) await this.#drained()
  }

  /** Ends as OpenAI's streams do. */
  end(): void {
    this.exchange.response.end('data: [DONE]\n\n')
  }

  async #drained(): Promise<void> {
    const { response, signal } = this.exchange
    const stalled = setTimeout(() => this.exchange.leave(), this.idleMs)
    try {
      await once(response, 'drain', { signal })
    } catch {
      throw signal.reason
    } finally {
      clearTimeout(stalled)
    }
  }
}

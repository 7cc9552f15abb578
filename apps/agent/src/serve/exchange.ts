import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Problem } from './problem'

/** The client closed the connection before its answer was complete. */
export class ClientGone extends Error {}

const base = 'http://device'

/** One request and its answer. */
export class Exchange {
  readonly url: URL
  /** Aborts with `ClientGone` when the client goes away. */
  readonly signal: AbortSignal
  /** Who asks, for fairness between clients: the address and, where one is sent, the key. Never logged. */
  readonly client: string
  /** bytes of the body held for this request */
  heldBytes = 0
  /** waited for others, and of the engine alone; told as `Server-Timing` */
  readonly took = { queueMs: 0, engineMs: 0 }
  #gone = new AbortController()

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
  ) {
    const target = request.url ?? '/'
    this.url = new URL(URL.canParse(target, base) ? target : '/', base)
    this.signal = this.#gone.signal
    this.client = `${request.socket.remoteAddress} ${request.headers.authorization ?? ''}`
    response.on('close', () => {
      if (!response.writableFinished) this.leave()
    })
  }

  /** Treats the client as gone, and closes its connection. */
  leave(): void {
    this.#gone.abort(new ClientGone('the client went away'))
    this.response.destroy()
  }

  get bearer(): string | null {
    return /^Bearer (.+)$/i.exec(this.request.headers.authorization ?? '')?.[1] ?? null
  }

  /** The media type of the body without its parameters; '' for none. */
  get mediaType(): string {
    return (this.request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  }

  json(body: unknown, code = 200, headers: Record<string, string> = {}): void {
    this.send(JSON.stringify(body), 'application/json', code, headers)
  }

  send(body: string, type: string, code = 200, headers: Record<string, string> = {}): void {
    const length = Buffer.byteLength(body)
    this.response
      .writeHead(code, { ...headers, ...this.#timing(), 'content-type': type, 'content-length': length })
      .end(body)
  }

  #timing(): Record<string, string> {
    const { queueMs, engineMs } = this.took
    return engineMs > 0 ? { 'server-timing': `queue;dur=${queueMs.toFixed(1)}, engine;dur=${engineMs.toFixed(1)}` } : {}
  }

  /** Answers with a problem; when events were sent already, as the last of them. */
  refuse(problem: Problem, body: object = problem.body): void {
    if (this.response.headersSent) this.response.end(`data: ${JSON.stringify(body)}\n\n`)
    else this.json(body, problem.status, problem.headers)
  }
}

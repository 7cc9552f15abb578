import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Problem } from '@tradewind/protocol'

type Asked = { method: string; path: string; token: string | null; body: unknown }
type Line = { code: number; body: string }

/** A dashboard that answers as a test has told it to, and remembers what it was asked. For tests. */
export class ScriptedApi {
  readonly asked: Asked[] = []
  #lines = new Map<string, Line>()

  private constructor(readonly server: Server) {
    server.on('request', (request, response) => void this.#answer(request, response))
  }

  static async start(): Promise<ScriptedApi> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new ScriptedApi(server)
  }

  get url() {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** `on('GET /devices', …)` */
  on(question: string, answer: unknown): this {
    return this.says(question, 200, JSON.stringify(answer))
  }

  refuses(question: string, code: number, problem: Problem): this {
    return this.says(question, code, JSON.stringify(problem))
  }

  says(question: string, code: number, body: string): this {
    this.#lines.set(question, { code, body })
    return this
  }

  stop(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  async #answer(request: IncomingMessage, response: ServerResponse) {
    let text = ''
    for await (const chunk of request) text += chunk
    const path = (request.url ?? '').replace(/^\/api\/v1/, '')
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? null
    this.asked.push({ method: request.method ?? '', path, token, body: bodyOf(text, request) })
    const line = this.#lines.get(`${request.method} ${path}`) ?? { code: 404, body: 'nothing was scripted for this' }
    response.writeHead(line.code, { 'content-type': 'application/json' }).end(line.body)
  }
}

/** JSON, or bytes as the text that they stand for. */
function bodyOf(text: string, { headers }: IncomingMessage): unknown {
  if (text === '') return null
  return headers['content-type'] === 'application/json' ? JSON.parse(text) : text
}

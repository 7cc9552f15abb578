import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How one request is answered wrongly. Numbers are bytes of the body or milliseconds. */
export type Fault =
  | { kind: 'status'; status: number; retryAfter?: string }
  | { kind: 'truncated'; after: number }
  | { kind: 'stalled'; after: number }
  | { kind: 'wrong-bytes' }
  | { kind: 'wrong-length'; says: number }
  | { kind: 'no-ranges' }
  | { kind: 'other-range' }
  | { kind: 'redirect'; to: string }
  | { kind: 'changed' }

export type Asked = { url: string; range: [from: number, to: number] | null; headers: IncomingMessage['headers'] }

/**
 * A file server on loopback that misbehaves as it is told: `fault` is asked for every request, with its number from 0.
 * Files are served under any path that ends in their name.
 */
export class FaultySource {
  readonly asked: Asked[] = []
  /** bytes of bodies handed to the network */
  sentBytes = 0
  fault: (asked: Asked, number: number) => Fault | undefined = () => undefined
  /** what else it answers, by path without query */
  readonly json = new Map<string, unknown>()
  /** of all connections together; undefined: as fast as it goes */
  bytesPerSecond: number | undefined

  private constructor(
    private server: Server,
    private files: Map<string, Buffer>,
  ) {}

  static async start(files: Record<string, Buffer>): Promise<FaultySource> {
    const server = createServer()
    const source = new FaultySource(server, new Map(Object.entries(files)))
    server.on('request', (request, reply) => void source.#answer(request, reply).catch(() => reply.destroy()))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return source
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async stop() {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  async #answer(request: IncomingMessage, reply: ServerResponse) {
    const { url = '' } = request
    const path = url.replace(/\?.*/, '')
    const json = this.json.get(path)
    const [name, content] = [...this.files].find(([name]) => path.endsWith(`/${name}`)) ?? []
    const asked = { url, range: rangeOf(request, content?.length ?? 0), headers: request.headers }
    const fault = this.fault(asked, this.asked.push(asked) - 1)
    if (fault?.kind === 'status')
      return reply
        .writeHead(fault.status, fault.retryAfter ? { 'retry-after': fault.retryAfter } : {})
        .end('"an error page"')
    if (fault?.kind === 'redirect') return reply.writeHead(302, { location: fault.to }).end()
    if (json !== undefined)
      return reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json))
    if (!name || !content) return reply.writeHead(404).end()
    await this.#send(reply, content, asked, fault)
  }

  async #send(reply: ServerResponse, content: Buffer, { range, headers }: Asked, fault: Fault | undefined) {
    const whole = fault?.kind === 'wrong-bytes' ? otherBytes(content) : content
    const etag = `"${this.#tagOf(content)}${fault?.kind === 'changed' ? '-changed' : ''}"`
    const isRanged = range && fault?.kind !== 'no-ranges' && (headers['if-range'] ?? etag) === etag
    const shift = fault?.kind === 'other-range' ? 1 : 0
    const [from, to] = isRanged ? range : [0, whole.length]
    const size = fault?.kind === 'wrong-length' ? fault.says : whole.length
    reply.writeHead(isRanged ? 206 : 200, {
      etag,
      'content-length': isRanged ? to - from : size,
      ...(isRanged && { 'content-range': `bytes ${from + shift}-${to - 1 + shift}/${size}` }),
    })
    reply.flushHeaders()
    const end = fault && 'after' in fault ? Math.min(to, from + fault.after) : to
    for (let at = from; at < end && !reply.destroyed; ) {
      const piece = whole.subarray(at, Math.min(end, at + 64 * 1024))
      await new Promise<void>((resolve, reject) => reply.write(piece, (error) => (error ? reject(error) : resolve())))
      at += piece.length
      this.sentBytes += piece.length
      if (this.bytesPerSecond) await this.#pause(piece.length, this.bytesPerSecond)
    }
    if (fault?.kind === 'truncated') reply.destroy()
    else if (fault?.kind !== 'stalled') reply.end()
  }

  #tags = new Map<Buffer, string>()
  #tagOf(content: Buffer): string {
    const tag = this.#tags.get(content) ?? createHash('sha1').update(content).digest('hex')
    this.#tags.set(content, tag)
    return tag
  }

  #freeAtMs = 0
  async #pause(bytes: number, bytesPerSecond: number) {
    this.#freeAtMs = Math.max(this.#freeAtMs, performance.now()) + (bytes * 1000) / bytesPerSecond
    const waitMs = this.#freeAtMs - performance.now()
    if (waitMs > 1) await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}

function rangeOf({ headers }: IncomingMessage, size: number): [number, number] | null {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
  return from === undefined ? null : [Number(from), to ? Math.min(size, Number(to) + 1) : size]
}

function otherBytes(content: Buffer): Buffer {
  const other = Buffer.from(content)
  randomBytes(16).copy(other, content.length >> 1)
  return other
}

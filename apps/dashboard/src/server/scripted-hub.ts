import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

/** A hub's private door that answers as a test has told it to, and remembers what it was asked. For tests. */
export class ScriptedHub {
  readonly asked: { path: string; body: unknown }[] = []
  #lines = new Map<string, { code: number; body: unknown }>()

  private constructor(readonly server: Server) {
    server.on('request', async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      if (request.headers.authorization !== 'Bearer let me in') return response.writeHead(401).end('{}')
      const asked = request.url ?? ''
      if (asked === '/wake') return response.writeHead(204).end()
      this.asked.push({ path: asked, body: text ? JSON.parse(text) : null })
      const { code, body } = this.#lines.get(asked) ?? { code: 404, body: {} }
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  }

  /** Listens, and leaves its address in the data folder as the hub does. */
  static async start(dataFolder: string): Promise<ScriptedHub> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    writeFileSync(path.join(dataFolder, 'hub.local.json'), JSON.stringify({ port, secret: 'let me in' }))
    return new ScriptedHub(server)
  }

  says(path: string, body: unknown, code = 200) {
    this.#lines.set(path, { code, body })
  }

  stop(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }
}

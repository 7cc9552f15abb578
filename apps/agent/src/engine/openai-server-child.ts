import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import type { EngineFailure } from './engine'
import type { Exit } from './runtime'

/** Lines that are kept of what a server says, and the longest that one may be. */
const mostLines = 200
const longestLine = 500
/** How long the last lines of a server that has ended are waited for. */
const lastLinesMs = 500

/**
 * Becomes the server, and leaves one behind that ends it when the agent is gone, even by kill -9: then the pipe at 3
 * closes without a word. The word keeps it from killing whoever has the number later.
 */
export const guarded = (prepare: string[] | null) =>
  `( read -r word <&3 || kill -KILL $$ ) >/dev/null 2>&1 & exec 3<&-; ${prepare ? `${quoted(prepare)} || exit;` : ''} exec "$@"`

const quoted = (words: string[]) => words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')

/** What is run: `prepare` to its end first, when there is something to prepare. */
export type ServerCommand = { program: string; args: string[]; prepare: string[] | null; env: NodeJS.ProcessEnv }

/**
 * A program of somebody else's that serves on a port. It is in a process group of its own: Ctrl-C reaches the agent alone,
 * which ends its servers in its order.
 */
export class ServerChild {
  readonly ended: Promise<Exit>
  #child: ChildProcess
  #lines: string[] = []
  #hasEnded = false

  constructor({ program, args, prepare, env }: ServerCommand) {
    const script = guarded(prepare && [program, ...prepare])
    this.#child = spawn('sh', ['-c', script, 'engine', program, ...args], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#keep(line))
    const guard = this.#child.stdio[3] as Writable
    guard.on('error', () => {}) // the guard went with its group
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.#hasEnded = true
        guard.end('ended\n')
        const tell = () => resolve({ code, signal, said: saidBy(this.#lines) })
        // its last lines are on the way, unless a process that it left behind keeps the pipe open
        const timer = setTimeout(tell, lastLinesMs)
        this.#child.once('close', () => {
          clearTimeout(timer)
          tell()
        })
      }
      this.#child.once('exit', end)
      this.#child.once('error', (error) => {
        this.#keep(error.message)
        end(null, null)
      })
    })
  }

  get pid(): number | null {
    return this.#child.pid ?? null
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  lastLines = (most: number): string[] => this.#lines.slice(-most)

  async stop(patienceMs: number): Promise<void> {
    if (this.#hasEnded) return
    this.#signal('SIGTERM')
    const timer = setTimeout(() => this.#signal('SIGKILL'), patienceMs)
    await this.ended
    clearTimeout(timer)
  }

  #signal(signal: NodeJS.Signals) {
    const { pid } = this.#child
    try {
      if (pid && !this.#hasEnded) process.kill(-pid, signal)
    } catch {
      // it is gone
    }
  }

  #keep(line: string) {
    this.#lines.push(line.slice(0, longestLine))
    if (this.#lines.length > mostLines) this.#lines.shift()
  }
}

/** What a server gave as its reason, by words that llama.cpp and the others use. */
const reasons: [RegExp, EngineFailure['code']][] = [
  [/out of memory|unable to allocate|failed to allocate|cannot allocate memory/i, 'out-of-memory'],
  [/unknown model architecture|invalid argument:|unrecognized arguments|error while handling argument/i, 'unsupported'],
  [/failed to load model|error loading model|failed to load multimodal|invalid magic|failed to open GGUF/i, 'bad-file'],
]

/** The reason that stands in the last lines, or null. A cause counts before the failure that it ended in. */
export function saidBy(lines: string[]): EngineFailure | null {
  for (const [words, code] of reasons) {
    const line = lines.find((one) => words.test(one))
    if (line) return { code, detail: { said: line.trim().slice(0, 200) } }
  }
  return null
}

/** A port on the loopback that nobody listens on now. Somebody else may take it first: then the server ends and says so. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

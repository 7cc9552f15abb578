import { type ChildProcess, fork } from 'node:child_process'
import { beside } from '../beside'
import { checkFiles } from './check-files'
import { type Capabilities, EngineError, type EngineFailure, type Generation, type Load, type Piece } from './engine'
import type { FromChild, NativeName, ToChild } from './native-wire'
import type { Exit, Process, Runtime } from './runtime'

/** Weights held by a native library in a Node process of its own. */
export class NativeRuntime implements Runtime {
  constructor(readonly name: NativeName) {}

  async check(load: Load): Promise<EngineFailure | null> {
    if (this.name === 'node-llama-cpp' && load.projectorPath !== null)
      return { code: 'unsupported', detail: { why: 'node-llama-cpp takes text only: load without the projector' } }
    return await checkFiles(load)
  }

  start(load: Load): Process {
    const child = new NativeProcess(childOf(this.name))
    child.say({ is: 'load', load })
    return child
  }
}

function childOf(name: NativeName): ChildProcess {
  const { NODE_OPTIONS: _, ...env } = process.env
  return fork(beside('native-child.js'), [name], {
    env,
    execArgv: [],
    serialization: 'advanced', // sound travels as floats
    // to stdout native code writes what it was asked, which is nobody's business
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
}

type Waiting = { tell: (message: FromChild) => void; lose: () => void }

class NativeProcess implements Process {
  readonly ready: Promise<Capabilities>
  readonly ended: Promise<Exit>
  #said: EngineFailure | null = null
  #waiting = new Map<number, Waiting>()
  #lines: string[] = []
  #nextId = 0
  #hasEnded = false

  constructor(private child: ChildProcess) {
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.#hasEnded = true
        for (const { lose } of this.#waiting.values()) lose()
        resolve({ code, signal, said: this.#said })
      }
      child.once('exit', end).once('error', (error) => {
        this.#said ??= { code: 'engine-missing', detail: { why: error.message } }
        if (child.pid === undefined) end(null, null)
      })
    })
    this.ready = new Promise((resolve, reject) => {
      child.on('message', (message: FromChild) => {
        if (message.is === 'ready') resolve(message.capabilities)
        else if (message.is === 'failed') this.#said = message.failure
        else this.#waiting.get(message.id)?.tell(message)
      })
      void this.ended.then(() => reject(lost()))
    })
    this.ready.catch(() => {})
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#keep(text))
  }

  get pid() {
    return this.child.pid ?? null
  }

  lastLines = (most: number) => this.#lines.slice(-most)

  say(message: ToChild) {
    if (this.child.connected) this.child.send(message, () => {})
  }

  async *generate(request: Generation, signal: AbortSignal): AsyncIterable<Piece> {
    const id = this.#nextId++
    const inbox: FromChild[] = []
    let isLost = this.#hasEnded
    let wake = () => {}
    const tell = (message: FromChild) => {
      inbox.push(message)
      wake()
    }
    const lose = () => {
      isLost = true
      wake()
    }
    const abort = () => {
      this.say({ is: 'abort', id })
      wake()
    }
    this.#waiting.set(id, { tell, lose })
    signal.addEventListener('abort', abort)
    this.say({ is: 'generate', id, request })
    if (signal.aborted) abort()
    try {
      for (;;) {
        const message = inbox.shift()
        if (message?.is === 'text') yield { is: 'text', text: message.text }
        else if (message?.is === 'end') return yield { is: 'end', ...message.ending }
        else if (message?.is === 'refused') throw new EngineError(message.code, message.message)
        else if (isLost) throw lost()
        else if (signal.aborted) throw new EngineError('aborted', 'The request was given up.')
        else
          await new Promise<void>((resolve) => {
            wake = resolve
          })
      }
    } finally {
      this.#waiting.delete(id)
      signal.removeEventListener('abort', abort)
      abort()
    }
  }

  async stop(patienceMs: number): Promise<void> {
    if (this.#hasEnded) return
    // a native library may crash when it is told to let go: nothing is lost by not asking it
    const timer = setTimeout(() => this.child.kill('SIGKILL'), patienceMs)
    this.child.kill(patienceMs === 0 ? 'SIGKILL' : 'SIGTERM')
    await this.ended
    clearTimeout(timer)
  }

  #keep(text: string) {
    this.#lines.push(...text.split('\n').filter((line) => line.trim() !== ''))
    this.#lines.splice(0, this.#lines.length - mostLines)
  }
}

const mostLines = 200
const lost = () => new EngineError('engine-lost', 'The engine ended in the middle of the request.')

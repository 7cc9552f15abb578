import { type ChildProcess, fork } from 'node:child_process'
import { beside } from '../beside'
import { checkFiles } from './check-files'
import { type Capabilities, EngineError, type EngineFailure, type Generation, type Load, type Piece } from './engine'
import { gatedEnv, keepGate } from './native-llama-node-gate'
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
  const isGated = name === 'llama-node'
  const child = fork(beside('native-child.js'), [name], {
    env: { ...env, ...(isGated ? gatedEnv : {}) },
    execArgv: [],
    serialization: 'advanced', // sound travels as floats
    // to stdout native code writes what it was asked, which is nobody's business
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', isGated ? 'pipe' : 'ignore'],
  })
  if (isGated) keepGate(child)
  return child
}

type Answer = Extract<FromChild, { id: number }>

/** What the child answers to one generation, in the order in which it came. */
class Answers {
  #kept: Answer[] = []
  #wake = () => {}

  constructor(private isLost: boolean) {}

  tell(answer: Answer) {
    this.#kept.push(answer)
    this.#wake()
  }

  /** No more will come. */
  lose() {
    this.isLost = true
    this.#wake()
  }

  /** Null when the child has ended, and all that it said was given. */
  async next(): Promise<Answer | null> {
    for (;;) {
      const answer = this.#kept.shift()
      if (answer || this.isLost) return answer ?? null
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

class NativeProcess implements Process {
  readonly ready: Promise<Capabilities>
  readonly ended: Promise<Exit>
  #said: EngineFailure | null = null
  #waiting = new Map<number, Answers>()
  #lines: string[] = []
  #nextId = 0
  #hasEnded = false

  constructor(private child: ChildProcess) {
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        this.#hasEnded = true
        for (const answers of this.#waiting.values()) answers.lose()
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
    const answers = new Answers(this.#hasEnded)
    const abort = () => this.say({ is: 'abort', id })
    this.#waiting.set(id, answers)
    signal.addEventListener('abort', abort)
    this.say({ is: 'generate', id, request })
    if (signal.aborted) abort()
    let isOver = false
    try {
      for (;;) {
        const answer = await answers.next()
        isOver = answer?.is !== 'text'
        if (!answer) throw lost()
        if (answer.is === 'refused') throw new EngineError(answer.code, answer.message, answer.detail)
        if (signal.aborted && isOver) throw new EngineError('aborted', 'The request was given up.')
        if (answer.is === 'end') return yield { is: 'end', ...answer.ending }
        if (!signal.aborted) yield { is: 'text', text: answer.text }
      }
    } finally {
      signal.removeEventListener('abort', abort)
      if (!isOver) {
        abort()
        while ((await answers.next())?.is === 'text') {
          // until it has let go: what is told now, nobody hears
        }
      }
      this.#waiting.delete(id)
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

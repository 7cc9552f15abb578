import { type ChildProcess, fork } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import path from 'node:path'

export type ChildOptions = {
  name: string
  script: string
  args?: string[]
  env: Record<string, string | undefined>
  logFolder: string
  /** a line for people */
  tell: (line: string) => void
}

/** Exit code of a program that says that a restart mends nothing. */
const needsAPerson = 78
const largestLog = 10 * 1024 * 1024

/**
 * A program that is kept running: restarted with backoff when it ends by itself, unless it says that a person is
 * needed. It ends when this process does, however that happens (the IPC channel breaks).
 */
export class Child {
  #process: ChildProcess | null = null
  /** false while it starts and once it should stop: then its end is not mended */
  #isKept = false
  #restarts = 0
  #timer: NodeJS.Timeout | undefined
  #lastWords = ''

  constructor(private options: ChildOptions) {}

  /** Starts it; resolves when `isUp` says so (asked again and again), rejects with its last words when it ends before. */
  async start(isUp: () => Promise<boolean>, patienceMs = 60_000): Promise<void> {
    const child = this.#spawn()
    const deadline = Date.now() + patienceMs
    while (!(await isUp().catch(() => false))) {
      if (hasEnded(child)) throw new Error(this.#lastLine() || `${this.options.name} ended with code ${child.exitCode}`)
      if (Date.now() > deadline) throw new Error(`${this.options.name} did not come up: see ${this.#logFile()}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    this.#isKept = true
  }

  /** From now on its end is not mended. */
  letGo() {
    this.#isKept = false
    clearTimeout(this.#timer)
  }

  /** Asks it to end, and after five seconds makes it. */
  async stop(): Promise<void> {
    this.letGo()
    const child = this.#process
    if (!child || hasEnded(child)) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
    await ended
    clearTimeout(timer)
  }

  #spawn(): ChildProcess {
    const { script, args = [], env } = this.options
    const log = this.#openLog()
    // a process group of its own: Ctrl-C reaches us alone, and we end them in their order
    const child = fork(script, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
      detached: true,
    })
    const began = Date.now()
    child.stdout?.pipe(log)
    child.stderr?.on('data', (text: Buffer) => {
      log.write(text)
      this.#lastWords = `${this.#lastWords}${text}`.slice(-2_000)
    })
    child.once('exit', (code, signal) => this.#ended(code, signal, Date.now() - began))
    this.#process = child
    return child
  }

  #ended(code: number | null, signal: string | null, livedMs: number) {
    const { name, tell } = this.options
    if (!this.#isKept) return
    if (code === needsAPerson) return tell(`${name} needs you: ${this.#lastWords.trim()}`)
    if (livedMs > 60_000) this.#restarts = 0
    const waitMs = Math.min(30_000, 1_000 * 2 ** this.#restarts++)
    tell(
      `${name} ended (${signal ?? `code ${code}`}); starting it again in ${waitMs / 1000} s. Log: ${this.#logFile()}`,
    )
    this.#timer = setTimeout(() => this.#spawn(), waitMs)
  }

  /** Of what it said on standard error, the line that names the trouble. */
  #lastLine(): string {
    const lines = this.#lastWords
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
    return lines.findLast((line) => /error|cannot|in-use/i.test(line)) ?? lines.at(-1) ?? ''
  }

  #logFile = () => path.join(this.options.logFolder, `${this.options.name}.log`)

  #openLog() {
    mkdirSync(this.options.logFolder, { recursive: true })
    const file = this.#logFile()
    if (existsSync(file) && statSync(file).size > largestLog) renameSync(file, `${file}.1`)
    return createWriteStream(file, { flags: 'a' })
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

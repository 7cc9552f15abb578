import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { eventually } from './eventually'

const root = path.resolve(import.meta.dirname, '../../..')

/** A built program of ours as a process of its own: to be killed, stopped in its tracks, and started again. */
export class Program {
  said = ''
  readonly ended: Promise<number | null>

  private constructor(readonly process: ChildProcess) {
    process.stdout?.on('data', (text) => this.#hear(text))
    process.stderr?.on('data', (text) => this.#hear(text))
    this.ended = new Promise((resolve) => process.once('exit', resolve))
  }

  /** `name` is a folder of apps/; build it first (npm test does). `openFiles` limits its files and sockets. */
  static start(name: 'hub' | 'agent', env: Record<string, string | undefined>, openFiles?: number): Program {
    const script = path.join(root, 'apps', name, 'dist/main.js')
    if (!existsSync(script)) throw new Error(`${script} is not built: npm run build`)
    const limited = openFiles ? ['sh', '-c', `ulimit -n ${openFiles}; exec "$@"`, 'sh'] : []
    const [command = '', ...args] = [...limited, process.execPath, script]
    const child = spawn(command, args, {
      env: { ...process.env, TRADEWIND_MEASURE: 'never', ...env }, // agents measure only where a test is about that
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    return new Program(child)
  }

  /** Resolves when it has said so; rejects with everything it said when it ends or `ms` pass before. */
  async says(words: string | RegExp, ms = 20_000) {
    const hasSaid = () => (typeof words === 'string' ? this.said.includes(words) : words.test(this.said))
    await eventually(`${words} in:\n${this.said}`, () => hasSaid() || this.process.exitCode !== null, ms)
    if (!hasSaid()) throw new Error(`ended before it said ${words}:\n${this.said}`)
  }

  async signal(signal: NodeJS.Signals) {
    this.process.kill(signal)
    if (signal === 'SIGKILL' || signal === 'SIGTERM') await this.ended
  }

  #hear(text: Buffer) {
    this.said = `${this.said}${text}`.slice(-100_000)
  }
}

import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a helper can be told to do, by name. Orders and answers travel as JSON. */
type Orders = Record<string, (order: never) => unknown>
type Reply = { answer: unknown } | { failed: string }

/**
 * Makes load in a process of its own, because one process may not hold the sockets of ten thousand devices twice, nor
 * wait for the hub that it measures. The process runs the same bundle: a benchmark calls `serve` before anything else.
 */
export class Helper<O extends Orders> {
  #child: ChildProcess

  constructor(role: string) {
    this.#child = fork(fileURLToPath(import.meta.url), [role])
  }

  /** One order at a time. Rejects when the helper cannot do it, or ends. */
  tell<K extends keyof O & string>(name: K, order: Parameters<O[K]>[0]): Promise<Awaited<ReturnType<O[K]>>> {
    this.#child.send({ name, order })
    return new Promise((resolve, reject) => {
      const fail = (code: number | null) => reject(new Error(`a helper ended with code ${code}`))
      this.#child.once('exit', fail)
      this.#child.once('message', (reply: Reply) => {
        this.#child.off('exit', fail)
        if ('failed' in reply) reject(new Error(reply.failed))
        else resolve(reply.answer as Awaited<ReturnType<O[K]>>)
      })
    })
  }

  close() {
    this.#child.kill('SIGKILL')
  }
}

/** True in the process of a helper with this role, which from now on does what it is told. */
export function serve(role: string, orders: Orders): boolean {
  if (process.argv[2] !== role || !process.send) return false
  process.once('disconnect', () => process.exit()) // whoever gave the orders is gone
  process.on('message', async ({ name, order }: { name: string; order: never }) => {
    const reply = (said: Reply) => process.send?.(said)
    try {
      reply({ answer: (await orders[name]?.(order)) ?? null })
    } catch (error) {
      reply({ failed: (error as Error).message })
    }
  })
  return true
}

import { Worker } from 'node:worker_threads'
import type { Store } from './open'

/** The parts of the store whose arguments and answers can cross to another thread. */
export type StoreThread = Omit<Store, 'authAdapter'>

/** `args` as JSON: a group of samples crosses to the other thread at a third of what its structured clone costs. */
export type Call = { id: number; name: keyof StoreThread; args: string }
export type Reply =
  | { id: number; value: unknown }
  | { id: number; error: { name: string; message: string; code?: string } }

/**
 * The store on a thread of its own, so that a slow disk never holds up the broker. `script` is the bundled
 * `thread-worker`. When the thread dies, every call in flight and every later one is rejected, and `onDeath` is told
 * why, once.
 */
export async function openStoreThread(
  script: URL,
  file: string,
  onDeath: (error: Error) => void,
): Promise<StoreThread> {
  const worker = new Worker(script, { workerData: { file } })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let nextId = 1
  let closing = false
  let dead: Error | undefined

  worker.on('message', (reply: Reply) => {
    const call = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('error' in reply) call?.reject(Object.assign(new Error(reply.error.message), reply.error))
    else call?.resolve(reply.value)
  })
  const die = (error: Error) => {
    if (dead) return // an error is followed by an exit
    dead = error
    for (const call of waiting.values()) call.reject(error)
    waiting.clear()
    if (!closing) onDeath(error)
  }
  worker.on('error', die)
  worker.on('exit', (code) => die(new Error(`the store's thread ended with code ${code}`)))

  const call = (name: keyof StoreThread, args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      if (dead) return reject(dead)
      const id = nextId++
      waiting.set(id, { resolve, reject })
      worker.postMessage({ id, name, args: JSON.stringify(givenOf(args)) } satisfies Call)
    })
  try {
    await call('hasAdmin', []) // opened and migrated, or the reason why not
  } catch (error) {
    closing = true
    await worker.terminate()
    throw error
  }
  return new Proxy({} as StoreThread, {
    get: (_, name) => {
      if (name === 'then') return undefined // a proxy that is awaited is not a promise
      return (...args: unknown[]) => {
        closing ||= name === 'close'
        return call(name as keyof StoreThread, args)
      }
    },
  })
}

/** Without what was left out at the end, so that defaults apply on the other side: JSON would make it null. */
const givenOf = (args: unknown[]) => args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1)

import { parentPort, workerData } from 'node:worker_threads'
import { openStore } from './open'
import type { Call, Reply } from './thread'

const port = parentPort
if (!port) throw new Error('this runs as a worker thread')
const opening = openStore((workerData as { file: string }).file, { ingests: true })
opening.catch(() => {}) // every call reports it

port.on('message', async ({ id, name, args }: Call) => {
  try {
    const store = await opening
    const value = await (store[name] as (...args: unknown[]) => unknown)(...(JSON.parse(args) as unknown[]))
    port.postMessage({ id, value } satisfies Reply)
    if (name === 'close') port.close()
  } catch (error) {
    port.postMessage({ id, error: errorOf(error) } satisfies Reply)
  }
})

function errorOf(error: unknown) {
  const { name, message, code } = error as Error & { code?: string }
  return { name, message, ...(code === undefined ? {} : { code }) }
}

import type { ChildProcess } from 'node:child_process'
import { read, writeSync } from 'node:fs'
import type { Duplex } from 'node:stream'

/**
 * `@fugood/llama.node` queues a completion for a thread of the pool before it notes what is to be done at its end. A thread that is
 * through by then, as with one token of a known prompt, leaves the context "in progress" for ever: here within a dozen such
 * requests. So the pool has one thread, and that one waits at a pipe until the call has returned: no completion can begin before.
 */
export const gatedEnv = { UV_THREADPOOL_SIZE: '1', UV_USE_IO_URING: '0' } // a ring would read without the thread

/** Where the child finds its end of the pipe; the agent's end sends back what it gets. */
const gateAt = 4

/** In the agent. `child` was started with a pipe at 4. */
export function keepGate({ stdio }: ChildProcess) {
  const gate = stdio[gateAt] as Duplex
  gate.on('error', () => {}) // it went with the child
  gate.pipe(gate)
}

/** In the child: runs `call`, and lets the thread begin what it queued when it has returned. */
export function gated<T>(call: () => T): T {
  read(gateAt, Buffer.alloc(1), () => {})
  try {
    return call()
  } finally {
    writeSync(gateAt, '.')
  }
}

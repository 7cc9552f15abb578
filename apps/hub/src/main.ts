import path from 'node:path'
import { openStoreThread } from '@tradewind/store'
import pino from 'pino'
import { readEnv } from './env'
import { startHub } from './hub'

const env = readEnv(process.env)
const log = pino({ level: env.TRADEWIND_LOG, base: null })

/** The reason in words, with what to do about it, for the last line that a person reads. */
function giveUp(error: NodeJS.ErrnoException & { port?: number }): never {
  const hint =
    error.code === 'EADDRINUSE'
      ? `port-in-use: another program listens on port ${error.port}. Stop it, or set TRADEWIND_HTTPS_PORT or TRADEWIND_MQTTS_PORT.`
      : `${error.code ?? 'failed'}: ${error.message}`
  log.fatal({ error: hint }, 'the hub cannot go on')
  process.stderr.write(`${hint}\n`)
  process.exit(1)
}

try {
  const database = path.join(env.TRADEWIND_DATA, 'tradewind.db')
  const store = await openStoreThread(new URL('./store-thread.js', import.meta.url), database, giveUp)
  const hub = await startHub({ env, store, log })
  log.info({ ports: hub.ports }, 'the hub is up')
  let isClosing = false
  const close = () => {
    if (isClosing) return
    isClosing = true
    hub.close().then(() => process.exit(0), giveUp)
  }
  // `disconnect`: whoever started this hub is gone
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(signal, close)
} catch (error) {
  giveUp(error as NodeJS.ErrnoException)
}

import path from 'node:path'
import { readEnv } from '@tradewind/hub/env'
import { type Hub, startHub } from '@tradewind/hub/hub'
import { openStore, type Store } from '@tradewind/store'
import pino, { type Logger } from 'pino'
import { onTestFinished } from 'vitest'
import { testFolder } from './folder'

export type TestHub = Hub & { store: Store; folder: string; token: (forDevice?: string) => Promise<string> }

/** A real hub on free ports in a folder of its own, closed when the test is over. */
export async function testHub(
  options: {
    now?: () => number
    folder?: string
    store?: (real: Store) => Store
    env?: Record<string, string>
    log?: Logger
    rollouts?: Parameters<typeof startHub>[0]['rollouts']
  } = {},
): Promise<TestHub> {
  const folder = options.folder ?? testFolder('hub')
  const env = readEnv({
    TRADEWIND_DATA: folder,
    TRADEWIND_HTTPS_PORT: '0',
    TRADEWIND_MQTTS_PORT: '0',
    TRADEWIND_MQTT_PLAIN_PORT: '0',
    TRADEWIND_BIND: '127.0.0.1',
    TRADEWIND_ADDRESSES: '127.0.0.1',
    ...options.env,
  })
  const store = await openStore(path.join(folder, 'tradewind.db'), { ingests: true })
  const log = options.log ?? pino({ level: process.env.TRADEWIND_TEST_LOG ?? 'silent' })
  const hub = await startHub({
    env,
    store: options.store?.(store) ?? store,
    log,
    now: options.now,
    rollouts: options.rollouts,
  })
  let isClosed = false
  const close = async () => {
    if (isClosed) return
    isClosed = true
    await hub.close()
  }
  onTestFinished(close)
  const token = async (forDevice?: string) =>
    (await store.createEnrolToken({ note: 'test', lifeMs: 3_600_000, actor: 'test', forDevice })).text
  return { ...hub, close, store, folder, token }
}

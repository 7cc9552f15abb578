import path from 'node:path'
import { createSecureContext } from 'node:tls'
import { type Authority, openAuthority } from '@tradewind/hub/authority/authority'
import { encode, topicOf } from '@tradewind/protocol'
import { freePort } from '../../packages/testkit/src/free-port'
import { startHub } from './hub'
import { startMosquitto } from './mosquitto'
import { MqttSocket } from './mqtt-socket'
import { usageOf } from './process-usage'

/** A broker that can be killed and started again on the same port and the same folder. */
export type Side = {
  port: number
  /** the CA that its certificate is from, when it speaks TLS */
  caPem: string | undefined
  cpuMs: () => number
  /** what is not on the disk by itself goes there */
  save: () => Promise<void>
  kill: () => Promise<void>
  start: () => Promise<void>
  stop: () => Promise<void>
}

export async function hubSide(data: string, tls: boolean): Promise<Side> {
  const ports = { plain: await freePort(), https: await freePort(), mqtts: await freePort() }
  let hub = await startHub(data, ports)
  return {
    port: tls ? ports.mqtts : ports.plain,
    caPem: tls ? (await authorityOf(data)).caPem : undefined,
    cpuMs: () => usageOf(hub.pid).cpuMs,
    save: async () => {},
    kill: () => hub.kill(),
    start: async () => {
      hub = await startHub(data, ports)
    },
    stop: () => hub.stop(),
  }
}

/**
 * mosquitto, which holds a desired state of each device as a retained message, on the disk once it was told to save.
 * With `authority` it speaks TLS.
 */
export async function mosquittoSide(
  folder: string,
  wanted: { id: string; revision: number }[],
  authority: Authority | null,
): Promise<Side> {
  const port = await freePort()
  const start = () => startMosquitto(folder, port, { persistence: true, tls: authority?.server })
  let broker = await start()
  const secureContext = authority ? createSecureContext({ ca: authority.caPem }) : undefined
  const publisher = await MqttSocket.open(port, { clientId: 'publisher' }, secureContext)
  for (const { id, revision } of wanted) {
    const desired = encode('desired', { at: Date.now(), revision, leaseMs: 0 })
    if (desired.ok) publisher.publish(topicOf(id, 'desired'), Buffer.from(desired.value).toString(), { retain: true })
  }
  while (publisher.waiting > 0) await pause(10)
  publisher.close()
  return {
    port,
    caPem: authority?.caPem,
    cpuMs: () => usageOf(broker.pid).cpuMs,
    save: async () => {
      broker.save()
      await pause(1_000)
    },
    kill: () => broker.kill(),
    start: async () => {
      broker = await start()
    },
    stop: () => broker.kill(),
  }
}

/** The hub's own authority, which then vouches for mosquitto too: both sides sign with keys of the same kind. */
export function authorityOf(data: string) {
  return openAuthority(path.join(data, 'authority'), ['127.0.0.1'])
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

import { encode, type LeafName, leaves, type Message, parseTopic, subscriptionsOf, topicOf } from '@tradewind/protocol'
import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { hubName } from './hub-http'
import { pack } from './pack'

export type Incoming = (leaf: LeafName, payload: Uint8Array, id: string | undefined) => void

export type SessionOptions = {
  host: string
  port: number
  caPem: string
  deviceId: string
  password: string
  start: number
  session: number
  now: () => number
  onMessage: Incoming
}

/** The broker would not let us in; why is to be asked over HTTP. */
export class Refused extends Error {
  override name = 'Refused'
}

/**
 * Seconds: the hub calls us lost after 1.5 times this without a sign of life, and must say so within a minute. A batch
 * a minute is a sign of life too: above half a minute one ping between two is enough, which saves a sixth of the uplink.
 */
const keepAlive = 35

/**
 * One connection to the broker, from CONNECT to its end; the next one is a new object with a new password and a will
 * of its own. mqtt.js neither reconnects nor stores: both are ours, with jitter and on the disk.
 */
export class Session {
  #ended = false
  #waiting = new Set<(reason: Error) => void>()

  private constructor(
    private client: MqttClient,
    private deviceId: string,
    /** resolves when the connection is over, however it ended */
    readonly closed: Promise<void>,
  ) {
    closed.then(() => {
      for (const reject of this.#waiting) reject(new Error('the connection ended first'))
    })
  }

  /** Connects and subscribes to the hub's leaves. Throws `Refused`, or the network's error. */
  static async open(options: SessionOptions): Promise<Session> {
    const { deviceId, onMessage } = options
    const client = connect(connectOptions(options))
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    client.on('error', () => {}) // told by `opened`, or by `closed`
    client.on('message', (topic, payload) => {
      const parsed = parseTopic(topic)
      if (parsed.ok) onMessage(parsed.value.leaf, payload, parsed.value.id)
    })
    try {
      await opened(client)
      await client.subscribeAsync(subscriptionsOf(deviceId), { qos: 1 })
    } catch (error) {
      client.end(true)
      throw error
    }
    return new Session(client, deviceId, closed)
  }

  /** Resolves when the hub has acknowledged the message, which it does once it is stored; rejects when the connection ends first. */
  async publish<L extends LeafName>(leaf: L, message: Message<L>, id?: string): Promise<void> {
    const encoded = encode(leaf, message)
    if (!encoded.ok) throw new Unspeakable(`${leaf}: ${encoded.refusal.code} at ${encoded.refusal.where}`)
    await this.publishRaw(
      topicOf(this.deviceId, leaf, id),
      leaf === 'telemetry' ? pack(encoded.value) : encoded.value,
      leaves[leaf].retain,
    )
  }

  /** As `publish`, for bytes that nobody looked at. */
  async publishRaw(topic: string, bytes: Uint8Array, retain = false): Promise<void> {
    if (this.#ended || !this.client.connected) throw new Error('not connected')
    await new Promise<void>((resolve, reject) => {
      this.#waiting.add(reject)
      this.client
        .publishAsync(topic, Buffer.from(bytes), { qos: 1, retain })
        .then(() => resolve(), reject)
        .finally(() => this.#waiting.delete(reject))
    })
  }

  /** Ends with a DISCONNECT, so that the broker forgets the will. */
  async end() {
    this.#ended = true
    await Promise.race([
      this.client.endAsync(),
      this.closed,
      new Promise((resolve) => setTimeout(resolve, 500).unref()),
    ])
    this.client.end(true)
  }

  /** Drops the connection without a word. */
  drop() {
    this.#ended = true
    this.client.end(true)
  }
}

/** A message that our own schema refuses: a mistake of ours, not to be tried again. */
export class Unspeakable extends Error {
  override name = 'Unspeakable'
}

function connectOptions({
  host,
  port,
  caPem,
  deviceId,
  password,
  start,
  session,
  now,
}: SessionOptions): IClientOptions {
  const lost = encode('presence', { state: 'lost', start, session, at: now() })
  if (!lost.ok) throw new Unspeakable('presence')
  return {
    protocol: 'mqtts',
    host,
    port,
    ca: caPem,
    servername: hubName,
    clientId: deviceId,
    username: deviceId,
    password,
    clean: true,
    keepalive: keepAlive,
    reconnectPeriod: 0,
    connectTimeout: 15_000,
    protocolVersion: 4,
    resubscribe: false,
    queueQoSZero: false,
    // else mqtt.js keeps a buffer for each of the 65,536 packet identifiers: 7 MB
    writeCache: false,
    will: { topic: topicOf(deviceId, 'presence'), payload: Buffer.from(lost.value), qos: 1, retain: true },
  } as IClientOptions
}

function opened(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve())
    client.once('close', () => reject(new Error('the connection ended before it began')))
    client.once('error', (error: Error & { code?: number | string }) => {
      const isRefusal = typeof error.code === 'number' && error.code >= 1 && error.code <= 5
      reject(isRefusal ? new Refused(error.message) : error)
    })
  })
}

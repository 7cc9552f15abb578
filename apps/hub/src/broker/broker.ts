import { createServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import {
  encode,
  type LeafName,
  leaves,
  type Message,
  mayPublish,
  maySubscribe,
  type Topic,
  topicOf,
} from '@tradewind/protocol'
import { Aedes, type Client } from 'aedes'
import type { Logger } from 'pino'
import { admit, type Refused } from '../admission/admit'
import type { Device, Roster } from '../admission/roster'
import type { Metrics } from '../metrics'
import { DerivedPersistence, type RetainedSource } from './persistence'

/**
 * One connection of one device. `held`: its messages that are not acknowledged yet. `broken` once a commit of its
 * messages failed: nothing later may overtake them.
 */
export type Link = { device: Device; client: Client; held: number; broken: boolean }

/** Called for each message of a device on a leaf that is its own; `done` acknowledges it, or ends the connection. */
export type Receive = (link: Link, topic: Topic, payload: Uint8Array, done: (error?: Error) => void) => void

export type BrokerOptions = {
  roster: Roster
  receive: Receive
  retained: RetainedSource
  onRefused: (device: Device, code: string, topic: string) => void
  onConflict: (device: Device, start: number) => void
  /** The device's connection ended, or one has taken the place of another. */
  onTurn: (deviceId: string) => void
  /** A connection was turned away because there are `room` already. */
  onFull: (room: number) => void
  log: Logger
  metrics: Metrics
  now: () => number
  tls: { cert: string; key: string }
  bind: string
  mqttsPort: number
  plainPort: number | undefined
  maxConnections: number
  /** how many files and sockets the system lets this process have open */
  openFilesLimit: number
}

/** Milliseconds in which a connection must have said its CONNECT, and finished its TLS handshake before. */
const connectTimeoutMs = 10_000
/** Of the files the hub may open; the others are for HTTP, which devices use while they connect, and the database. */
const shareForConnections = 0.75
/** Seconds: a silent device is dropped after 1.5 times its keep-alive, which may not be longer than this. */
const longestKeepAlive = 60

/**
 * aedes as a front door only. What a device says is handed to `receive` and forwarded to nobody; what the hub says
 * goes straight to the one connection it is for. So nothing passes through aedes' emitter, where a frozen subscriber
 * stalls the others and its duplicate filter loses messages.
 */
export class Broker {
  #links = new Map<Client, Link>()
  /** the connection that a device has now; an older one may take a moment longer to go */
  #current = new Map<string, Client>()
  #servers: Server[] = []
  #aedes: DeviceAedes

  constructor(private options: BrokerOptions) {
    this.#aedes = new DeviceAedes({
      persistence: new DerivedPersistence(options.retained),
      connectTimeout: connectTimeoutMs,
      drainTimeout: 3_000,
      keepaliveLimit: longestKeepAlive,
      preConnect: (_client, packet, done) => {
        packet.clean = true // retained messages are derived: a session has nothing to keep
        done(null, true)
      },
      authenticate: (client, username, password, done) => {
        this.#authenticate(client, username, password?.toString() ?? '').then(
          (code) => (code === null ? done(null, true) : done(Object.assign(new Error(code), { returnCode: 5 }), false)),
          (error: Error) => done(Object.assign(error, { returnCode: 3 }), false),
        )
      },
      authorizePublish: (client, packet, done) => this.#receive(client, packet, done),
      authorizeSubscribe: (client, subscription, done) => {
        const link = this.#links.get(client)
        const isOwn = link && maySubscribe(link.device.deviceId, subscription.topic)
        if (link && !isOwn) options.onRefused(link.device, 'foreign-subscription', subscription.topic)
        done(null, isOwn ? subscription : null)
      },
    })
    this.#aedes.on('clientDisconnect', (client) => this.#gone(client))
    this.#aedes.on('clientError', (client, error) =>
      options.log.debug({ client: client.id, error: error.message }, 'client error'),
    )
    this.#aedes.on('connectionError', (_client, error) =>
      options.log.debug({ error: error.message }, 'connection error'),
    )
  }

  async listen(): Promise<{ mqttsPort: number; plainPort: number | undefined }> {
    const { tls, bind, mqttsPort, plainPort } = this.options
    await this.#aedes.listen()
    const handle = (socket: Parameters<DeviceAedes['handle']>[0]) => void this.#aedes.handle(socket)
    const secure = createTlsServer(
      { ...tls, minVersion: 'TLSv1.2', noDelay: true, handshakeTimeout: connectTimeoutMs },
      handle,
    )
    secure.on('tlsClientError', (error, socket) => {
      this.options.log.debug({ error: error.message }, 'TLS handshake failed')
      socket.destroy() // Node leaves it open, and with it a file
    })
    const plain = plainPort === undefined ? undefined : createServer({ noDelay: true }, handle)
    return {
      mqttsPort: await this.#open(secure, mqttsPort, bind),
      plainPort: plain && (await this.#open(plain, plainPort ?? 0, '127.0.0.1')),
    }
  }

  /** Hands a message to a device that is connected and subscribed; false when it is not. */
  send<L extends LeafName>(deviceId: string, leaf: L, message: Message<L>, id?: string): boolean {
    const client = this.#current.get(deviceId) as (Client & { subscriptions: object }) | undefined
    const filter = topicOf(deviceId, leaf, leaves[leaf].perId ? '+' : undefined)
    if (!client || !Object.hasOwn(client.subscriptions, filter)) return false
    const encoded = encode(leaf, message)
    if (!encoded.ok)
      throw new Error(`the hub made an invalid ${leaf}: ${encoded.refusal.code} at ${encoded.refusal.where}`)
    const topic = topicOf(deviceId, leaf, id)
    client.publish(
      { cmd: 'publish', topic, payload: Buffer.from(encoded.value), qos: 1, retain: false, dup: false },
      () => {},
    )
    return true
  }

  disconnect(deviceId: string) {
    this.#current.get(deviceId)?.close()
  }

  async close() {
    for (const server of this.#servers) server.close()
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()))
  }

  async #authenticate(client: Client, username: string | undefined, password: string): Promise<Refused | null> {
    const { roster, now, onConflict, metrics, log } = this.options
    const verdict = await admit(roster, password, now())
    const isOwnName = verdict.admit && client.id === verdict.device.deviceId && username === client.id
    if (verdict.admit && isOwnName) {
      verdict.device.run = verdict.claims.run
      verdict.device.isConnected = true
      this.#links.set(client, { device: verdict.device, client, held: 0, broken: false })
      this.#current.set(client.id, client)
      this.options.onTurn(client.id)
      return null
    }
    const code = verdict.admit ? 'password-forged' : verdict.code
    metrics.connectionsRefused.inc({ code })
    log.info({ client: client.id, code }, 'connection refused')
    const rival = roster.get(client.id)
    if (rival && code === 'identity-superseded') onConflict(rival, rival.presence?.start ?? 0)
    return code
  }

  #receive(
    client: Client | null,
    packet: { topic: string; payload: string | Buffer },
    done: (error?: Error | null) => void,
  ) {
    const link = client && this.#links.get(client)
    if (!link) return done(new Error('not authenticated'))
    const topic = mayPublish(link.device.deviceId, packet.topic)
    if (topic.ok) return this.options.receive(link, topic.value, bytesOf(packet.payload), done)
    this.options.onRefused(link.device, topic.refusal.code, packet.topic)
    done(new Error(`${topic.refusal.code}: ${packet.topic}`))
  }

  #gone(client: Client) {
    const link = this.#links.get(client)
    if (!link) return
    // the will is received after this event: the link stays known to it a little longer
    setTimeout(() => this.#links.delete(client), 1_000).unref()
    if (this.#current.get(link.device.deviceId) !== client) return
    this.#current.delete(link.device.deviceId)
    link.device.isConnected = false
    link.device.goneSinceMs = this.options.now()
    this.options.onTurn(link.device.deviceId)
  }

  /** How many connections one of the doors may have: what the operator allows, and less than there are files for. */
  #room(): number {
    const { maxConnections, openFilesLimit } = this.options
    return Math.max(1, Math.min(maxConnections, Math.floor(openFilesLimit * shareForConnections)))
  }

  async #open(server: Server, port: number, host: string): Promise<number> {
    this.#servers.push(server)
    server.maxConnections = this.#room()
    server.on('drop', () => this.options.onFull(server.maxConnections))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, 4096, resolve)
    })
    return (server.address() as { port: number }).port
  }
}

const bytesOf = (payload: string | Buffer) => (typeof payload === 'string' ? Buffer.from(payload) : payload)

/** aedes, with nothing of what devices say emitted, queued or retained: it was received already. */
class DeviceAedes extends Aedes {
  override publish(packet: never, client: unknown, done?: (error?: Error) => void) {
    if (client && typeof client === 'object') done?.()
    else super.publish(packet, client as never)
  }
}

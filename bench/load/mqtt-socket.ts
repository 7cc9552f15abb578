import { connect, type Socket } from 'node:net'
import packet, { type IConnectPacket } from 'mqtt-packet'

export type Identity = { clientId: string; username?: string; password?: string }

/**
 * One MQTT connection at the price of a socket: thousands fit into one process. It publishes QoS 1, hears
 * acknowledgements, and as a subscriber acknowledges what it gets.
 */
export class MqttSocket {
  #nextId = 1
  #sentAt = new Map<number, number>()
  #socket: Socket
  readonly ended: Promise<void>
  /** milliseconds from publish to acknowledgement, in order */
  latencies: number[] = []
  received = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    this.ended = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('error', () => {})
    socket.on('data', (bytes) => this.#parser.parse(bytes))
  }

  #parser = packet.parser().on('packet', (heard) => {
    if (heard.cmd === 'puback') this.#acknowledged(heard.messageId ?? 0)
    if (heard.cmd === 'publish') {
      this.received++
      if (heard.qos === 1) this.#socket.write(packet.generate({ cmd: 'puback', messageId: heard.messageId ?? 0 }))
    }
    if (heard.cmd === 'connack') this.onConnack(heard.returnCode ?? 0)
    if (heard.cmd === 'suback') this.onSuback()
  })
  private onConnack: (code: number) => void = () => {}
  private onSuback: () => void = () => {}

  /** Rejects when the broker says no or goes away. `keepalive` in seconds. */
  static open(port: number, identity: Identity, keepalive = 60): Promise<MqttSocket> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const client = new MqttSocket(socket)
    return new Promise((resolve, reject) => {
      client.onConnack = (code) => (code === 0 ? resolve(client) : reject(new Error(`connection refused: ${code}`)))
      void client.ended.then(() => reject(new Error('the connection ended')))
      const hello: IConnectPacket = {
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        keepalive,
        ...asPacket(identity),
      }
      socket.once('connect', () => socket.write(packet.generate(hello)))
    })
  }

  subscribe(topic: string): Promise<void> {
    return new Promise((resolve) => {
      this.onSuback = resolve
      this.#socket.write(
        packet.generate({ cmd: 'subscribe', messageId: this.#id(), subscriptions: [{ topic, qos: 1 }] }),
      )
    })
  }

  publish(topic: string, payload: string) {
    const messageId = this.#id()
    this.#sentAt.set(messageId, performance.now())
    this.#socket.write(
      packet.generate({ cmd: 'publish', topic, payload, qos: 1, messageId, retain: false, dup: false }),
    )
  }

  /** Published and not yet acknowledged. */
  get waiting() {
    return this.#sentAt.size
  }

  close() {
    this.#socket.destroy()
  }

  #id() {
    this.#nextId = (this.#nextId % 65_535) + 1
    return this.#nextId
  }

  #acknowledged(messageId: number) {
    const sentAt = this.#sentAt.get(messageId)
    if (sentAt === undefined) return
    this.#sentAt.delete(messageId)
    this.latencies.push(performance.now() - sentAt)
  }
}

const asPacket = ({ password, ...rest }: Identity) => ({
  ...rest,
  ...(password === undefined ? {} : { password: Buffer.from(password) }),
})

/** Opens `count` of them, `together` at a time: more at once overflow the accept queue and measure retries. */
export async function openMany<T>(count: number, together: number, open: (i: number) => Promise<T>): Promise<T[]> {
  const opened: T[] = new Array(count)
  let next = 0
  const worker = async () => {
    for (let i = next++; i < count; i = next++) opened[i] = await open(i)
  }
  await Promise.all(Array.from({ length: together }, worker))
  return opened
}

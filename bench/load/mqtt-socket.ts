import { connect, type Socket } from 'node:net'
import { type SecureContext, connect as tlsConnect } from 'node:tls'
import { hubName } from '@tradewind/agent/link/hub-http'
import packet, { type IConnectPacket } from 'mqtt-packet'

export type Identity = { clientId: string; username?: string; password?: string }

/** Connections opened at once where it is not the storm that counts: more overflow the accept queue and measure retries. */
export const together = 60
/** Milliseconds a broker may take to let a client in: what agents grant theirs. */
const openWithinMs = 15_000

/**
 * One MQTT connection at the price of a socket: thousands fit into one process. It publishes QoS 1, hears
 * acknowledgements, and as a subscriber acknowledges what it gets.
 */
export class MqttSocket {
  #nextId = 1
  #sent = new Map<number, { atMs: number; acknowledged?: () => void }>()
  #socket: Socket
  readonly ended: Promise<void>
  isOpen = true
  /** milliseconds from publish to acknowledgement, in order */
  latencies: number[] = []
  received = 0
  onMessage: (topic: string, payload: Buffer) => void = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    this.ended = new Promise((resolve) =>
      socket.once('close', () => {
        this.isOpen = false
        resolve()
      }),
    )
    socket.on('error', () => {})
    socket.on('data', (bytes) => this.#parser.parse(bytes))
  }

  #parser = packet.parser().on('packet', (heard) => {
    if (heard.cmd === 'puback') this.#acknowledged(heard.messageId ?? 0)
    if (heard.cmd === 'publish') {
      this.received++
      if (heard.qos === 1) this.#socket.write(packet.generate({ cmd: 'puback', messageId: heard.messageId ?? 0 }))
      this.onMessage(heard.topic, heard.payload as Buffer)
    }
    if (heard.cmd === 'connack') this.onConnack(heard.returnCode ?? 0)
    if (heard.cmd === 'suback') this.onSuback()
  })
  private onConnack: (code: number) => void = () => {}
  private onSuback: () => void = () => {}

  /** Rejects when the broker says no, goes away, or says nothing for 15 s. With `secureContext` it speaks TLS. */
  static open(port: number, identity: Identity, secureContext?: SecureContext): Promise<MqttSocket> {
    const to = { port, host: '127.0.0.1', noDelay: true }
    const socket = secureContext ? tlsConnect({ ...to, secureContext, servername: hubName }) : connect(to)
    const client = new MqttSocket(socket)
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => socket.destroy(), openWithinMs)
      client.onConnack = (code) => {
        clearTimeout(patience)
        if (code === 0) return resolve(client)
        socket.destroy()
        reject(new Error(`connection refused: ${code}`))
      }
      void client.ended.then(() => {
        clearTimeout(patience)
        reject(new Error('the connection ended'))
      })
      const hello: IConnectPacket = {
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        keepalive: 60,
        ...asPacket(identity),
      }
      socket.once(secureContext ? 'secureConnect' : 'connect', () => socket.write(packet.generate(hello)))
    })
  }

  /** Resolves with its acknowledgement; never when the connection ends before. */
  subscribe(topic: string): Promise<void> {
    return new Promise((resolve) => {
      this.onSuback = resolve
      this.#socket.write(
        packet.generate({ cmd: 'subscribe', messageId: this.#id(), subscriptions: [{ topic, qos: 1 }] }),
      )
    })
  }

  /** False when more than the connection takes at once waits to be written. */
  publish(topic: string, payload: string, { retain = false, acknowledged }: PublishOptions = {}): boolean {
    const messageId = this.#id()
    this.#sent.set(messageId, { atMs: performance.now(), acknowledged })
    return this.#socket.write(
      packet.generate({ cmd: 'publish', topic, payload, qos: 1, messageId, retain, dup: false }),
    )
  }

  /** Publishes what `next` makes as fast as the connection takes it, until it ends. */
  flood(topic: string, next: () => string) {
    while (this.isOpen && this.publish(topic, next()));
    this.#socket.once('drain', () => this.flood(topic, next))
  }

  /** Reads no more, and asks for the same retained message again and again, so that the broker has ever more to write. */
  freeze(topic: string) {
    this.#socket.pause()
    const again = packet.generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] })
    const burst = Buffer.concat(Array(500).fill(again))
    const ask = () => {
      while (this.isOpen && this.#socket.write(burst));
      this.#socket.once('drain', ask)
    }
    ask()
  }

  /** Published and not yet acknowledged. */
  get waiting() {
    return this.#sent.size
  }

  close() {
    this.#socket.destroy()
  }

  #id() {
    this.#nextId = (this.#nextId % 65_535) + 1
    return this.#nextId
  }

  #acknowledged(messageId: number) {
    const sent = this.#sent.get(messageId)
    if (sent === undefined) return
    this.#sent.delete(messageId)
    this.latencies.push(performance.now() - sent.atMs)
    sent.acknowledged?.()
  }
}

type PublishOptions = { retain?: boolean; acknowledged?: () => void }

const asPacket = ({ password, ...rest }: Identity) => ({
  ...rest,
  ...(password === undefined ? {} : { password: Buffer.from(password) }),
})

/** Opens `count` of them, `atOnce` at a time. */
export async function openMany<T>(count: number, atOnce: number, open: (i: number) => Promise<T>): Promise<T[]> {
  const opened: T[] = new Array(count)
  let next = 0
  const worker = async () => {
    for (let i = next++; i < count; i = next++) opened[i] = await open(i)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return opened
}

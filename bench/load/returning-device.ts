import { createPrivateKey, type KeyObject } from 'node:crypto'
import type { SecureContext } from 'node:tls'
import { signPassword } from '@tradewind/agent/link/password'
import { decode, encode, type LeafName, type Message, topicOf } from '@tradewind/protocol'
import { MqttSocket } from './mqtt-socket'
import { seqOf, telemetryOf } from './telemetry'

/** `revision`: of the desired state that it should get. `start`: of its agent, which counts up over the benchmark. */
export type ReturningMember = { id: string; keyPem: string; stream: string; start: number; revision: number }

/** Milliseconds: the first pause is `leastMs` and at random up to `firstMs` more, which doubles up to `mostMs`. */
const backoff = { leastMs: 50, firstMs: 1_000, mostMs: 8_000 }
/** A password is good for two minutes of the hub's time. */
const passwordLifeMs = 60_000

/**
 * A device that comes back whatever happens to the hub, as the agent does: after each connection it subscribes, says
 * anew all that matters, and tells again what was not acknowledged, in order.
 */
export class ReturningDevice {
  /** sequence numbers of its samples that were acknowledged */
  readonly acknowledged: number[] = []
  /** of the right revision, when it last came with a new connection; milliseconds of the wall clock */
  desiredAtMs = 0
  wrongRevisions = 0
  refusals = 0
  attempts = 0
  #waiting = new Map<number, string>()
  #socket: MqttSocket | null = null
  #sessions = 0
  #key: KeyObject
  #password = { text: '', madeMs: 0 }

  constructor(
    private door: { port: number; secureContext?: SecureContext },
    readonly member: ReturningMember,
  ) {
    this.#key = createPrivateKey(member.keyPem)
  }

  /** One try; rejects when it fails. */
  async connect() {
    const { id, revision } = this.member
    this.attempts++
    const identity = { clientId: id, username: id, password: await this.#signed() }
    const socket = await MqttSocket.open(this.door.port, identity, this.door.secureContext)
    socket.onMessage = (_topic, payload) => this.#hear(payload)
    await Promise.race([socket.subscribe(topicOf(id, 'desired')), socket.ended])
    if (!socket.isOpen) throw new Error('the connection ended')
    void socket.ended.then(() => this.#comeBack())
    this.#socket = socket // from here on without a pause: what is told next must not overtake what waits
    this.#sessions++
    const at = Date.now()
    this.#say('presence', { state: 'online', start: this.member.start, session: this.#sessions, at })
    this.#say('capability', capability)
    this.#say('reported', { at, revisionSeen: revision, revisionApplied: revision, failure: null })
    for (const [seq, text] of this.#waiting) this.#send(seq, text)
  }

  /** Takes one sample, and tells it now or once it is back. */
  tell() {
    const text = telemetryOf(this.member.stream)
    const seq = seqOf(this.member.stream)
    this.#waiting.set(seq, text)
    if (this.#socket) this.#send(seq, text)
  }

  get waiting() {
    return this.#waiting.size
  }

  async #comeBack() {
    this.#socket = null
    for (let spreadMs = backoff.firstMs; !this.#socket; spreadMs = Math.min(spreadMs * 2, backoff.mostMs)) {
      await pause(backoff.leastMs + Math.random() * spreadMs)
      await this.connect().catch((error: Error) => {
        if (error.message.startsWith('connection refused')) this.refusals++
      })
    }
  }

  #send(seq: number, text: string) {
    const acknowledged = () => {
      if (this.#waiting.delete(seq)) this.acknowledged.push(seq)
    }
    this.#socket?.publish(topicOf(this.member.id, 'telemetry'), text, { acknowledged })
  }

  #say<L extends LeafName>(leaf: L, message: Message<L>) {
    const encoded = encode(leaf, message)
    if (!encoded.ok) throw new Error(`an invalid ${leaf}: ${encoded.refusal.where}`)
    this.#socket?.publish(topicOf(this.member.id, leaf), Buffer.from(encoded.value).toString(), { retain: true })
  }

  #hear(payload: Buffer) {
    const desired = decode('desired', payload)
    if (desired.ok && desired.value.revision === this.member.revision) this.desiredAtMs = Date.now()
    else this.wrongRevisions++
  }

  async #signed(): Promise<string> {
    const nowMs = Date.now()
    if (nowMs - this.#password.madeMs > passwordLifeMs) {
      const { id, start } = this.member
      const text = await signPassword(this.#key, { deviceId: id, start, run: 'returning', nowMs })
      this.#password = { text, madeMs: nowMs }
    }
    return this.#password.text
  }
}

const capability: Message<'capability'> = {
  at: 1,
  agentVersion: '0.0.0-bench',
  deviceClass: 'v1:0000000000000000',
  facts: {},
  unreadable: [],
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

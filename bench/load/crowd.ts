import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Identity, MqttSocket, openMany } from './mqtt-socket'
import { telemetryOf } from './telemetry'

/** Connections opened at once: more overflow the accept queue and measure retries. */
const together = 60

/** One device of a crowd: who it is, where it publishes, the stream of its samples. */
export type Member = Identity & { topic: string; stream: string }
/** `latencies`: milliseconds from each publish to its acknowledgement. */
export type Load = { latencies: number[]; tookMs: number }

type Order = { open: { port: number; members: Member[] } } | { load: { perSecond: number; seconds: number } }
type Reply = { opened: true } | { load: Load } | { failed: string }

/**
 * Devices in a process of their own, because one process may not hold the sockets of ten thousand devices twice. The
 * process runs the same bundle: a benchmark calls `serveCrowd` first.
 */
export class Crowd {
  private constructor(private child: ChildProcess) {}

  static async open(port: number, members: Member[]): Promise<Crowd> {
    const crowd = new Crowd(fork(fileURLToPath(import.meta.url), ['crowd']))
    await crowd.#order({ open: { port, members } })
    return crowd
  }

  /** Each device in turn, evenly over the second, whatever the answers do; resolves when all are acknowledged. */
  async load(perSecond: number, seconds: number): Promise<Load> {
    const reply = await this.#order({ load: { perSecond, seconds } })
    if (!('load' in reply)) throw new Error('the crowd said nothing of its load')
    return reply.load
  }

  close() {
    this.child.kill('SIGKILL')
  }

  #order(order: Order): Promise<Reply> {
    this.child.send(order)
    return new Promise((resolve, reject) => {
      const fail = (code: number | null) => reject(new Error(`a crowd ended with code ${code}`))
      this.child.once('exit', fail)
      this.child.once('message', (reply: Reply) => {
        this.child.off('exit', fail)
        if ('failed' in reply) reject(new Error(reply.failed))
        else resolve(reply)
      })
    })
  }
}

/** True in the process of a crowd, which from now on does what it is told. */
export function serveCrowd(): boolean {
  if (process.argv[2] !== 'crowd' || !process.send) return false
  let members: Member[] = []
  let sockets: MqttSocket[] = []
  process.on('message', async (order: Order) => {
    const answer = (reply: Reply) => process.send?.(reply)
    try {
      if ('open' in order) {
        members = order.open.members
        sockets = await openMany(members.length, together, (i) =>
          MqttSocket.open(order.open.port, members[i] as Member),
        )
        answer({ opened: true })
      } else
        answer({ load: await load(sockets, members, order.load.perSecond * order.load.seconds, order.load.perSecond) })
    } catch (error) {
      answer({ failed: (error as Error).message })
    }
  })
  return true
}

async function load(sockets: MqttSocket[], members: Member[], total: number, perSecond: number): Promise<Load> {
  const began = performance.now()
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.ceil(((performance.now() - began) / 1000) * perSecond))
    for (; sent < due; sent++) {
      const member = members[sent % members.length] as Member
      sockets[sent % sockets.length]?.publish(member.topic, telemetryOf(member.stream))
    }
    await pause(5)
  }
  while (sockets.some((socket) => socket.waiting > 0)) {
    if (performance.now() - began > total + 60_000) throw new Error('a minute later not everything is acknowledged')
    await pause(10)
  }
  const tookMs = performance.now() - began
  return { latencies: sockets.flatMap((socket) => socket.latencies.splice(0)), tookMs }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

import { Helper, serve } from './helper'
import { type Identity, MqttSocket, openMany, together } from './mqtt-socket'
import { telemetryOf } from './telemetry'

/** One device of a crowd: who it is, where it publishes, the stream of its samples. */
export type Member = Identity & { topic: string; stream: string }
/** `latencies`: milliseconds from each publish to its acknowledgement. `dropped`: connections that have ended. */
export type Load = { latencies: number[]; tookMs: number; dropped: number }

type Orders = {
  open: (order: { port: number; members: Member[] }) => Promise<void>
  load: (order: { perSecond: number; seconds: number }) => Promise<Load>
}

/** Devices that connect once and publish. */
export class Crowd {
  private constructor(private helper: Helper<Orders>) {}

  static async open(port: number, members: Member[]): Promise<Crowd> {
    const helper = new Helper<Orders>('crowd')
    await helper.tell('open', { port, members })
    return new Crowd(helper)
  }

  /** Each device in turn, evenly over the second, whatever the answers do; resolves when all are acknowledged. */
  load(perSecond: number, seconds: number): Promise<Load> {
    return this.helper.tell('load', { perSecond, seconds })
  }

  close() {
    this.helper.close()
  }
}

/** True in the process of a crowd. */
export function serveCrowd(): boolean {
  let members: Member[] = []
  let sockets: MqttSocket[] = []
  return serve('crowd', {
    open: async (order: { port: number; members: Member[] }) => {
      members = order.members
      sockets = await openMany(members.length, together, (i) => MqttSocket.open(order.port, members[i] as Member))
    },
    load: ({ perSecond, seconds }: { perSecond: number; seconds: number }) =>
      load(sockets, members, perSecond * seconds, perSecond),
  })
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
  while (sockets.some((socket) => socket.isOpen && socket.waiting > 0)) {
    if (performance.now() - began > total + 60_000) throw new Error('a minute later not everything is acknowledged')
    await pause(10)
  }
  const tookMs = performance.now() - began
  const dropped = sockets.filter((socket) => !socket.isOpen).length
  return { latencies: sockets.flatMap((socket) => socket.latencies.splice(0)), tookMs, dropped }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

import { topicOf } from '@tradewind/protocol'
import type { Member } from './crowd'
import { Helper, serve } from './helper'
import { MqttSocket } from './mqtt-socket'
import { telemetryOf } from './telemetry'

/** What they did so far. `frozen` and `flooding`: how often the broker has ended the connection of each. */
export type Trouble = { frozenCutOff: number; floodingCutOff: number; flooded: number }

type Beginning = { port: number; frozen: Member; flooding: Member }
type Orders = { begin: (order: Beginning) => Promise<void>; report: (order: null) => Trouble }

/** Milliseconds after which who was cut off is there again. */
const againMs = 500

/** A device that never reads and one that never stops, in a process of their own; cut off, they come back. */
export class Troublemakers {
  private constructor(private helper: Helper<Orders>) {}

  static async begin(beginning: Beginning): Promise<Troublemakers> {
    const helper = new Helper<Orders>('troublemakers')
    await helper.tell('begin', beginning)
    return new Troublemakers(helper)
  }

  report = () => this.helper.tell('report', null)

  close() {
    this.helper.close()
  }
}

/** True in the process of the troublemakers. */
export function serveTroublemakers(): boolean {
  const trouble: Trouble = { frozenCutOff: 0, floodingCutOff: 0, flooded: 0 }
  return serve('troublemakers', {
    begin: async ({ port, frozen, flooding }: Beginning) => {
      await insist(
        () => MqttSocket.open(port, frozen),
        (socket) => socket.freeze(topicOf(frozen.clientId, 'desired')),
        () => trouble.frozenCutOff++,
      )
      const next = () => {
        trouble.flooded++
        return telemetryOf(flooding.stream)
      }
      await insist(
        () => MqttSocket.open(port, flooding),
        (socket) => socket.flood(flooding.topic, next),
        () => trouble.floodingCutOff++,
      )
    },
    report: () => trouble,
  })
}

/** Opens a connection and another one whenever it has ended; resolves with the first. */
async function insist(open: () => Promise<MqttSocket>, use: (socket: MqttSocket) => void, onEnd: () => void) {
  const socket = await open()
  use(socket)
  void socket.ended.then(async () => {
    onEnd()
    for (let isBack = false; !isBack; ) {
      await new Promise((resolve) => setTimeout(resolve, againMs))
      isBack = await insist(open, use, onEnd).then(
        () => true,
        () => false,
      )
    }
  })
}

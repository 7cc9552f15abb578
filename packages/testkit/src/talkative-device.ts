import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { HubClock } from '@tradewind/agent/link/clock'
import { Link } from '@tradewind/agent/link/link'
import { Outbox } from '@tradewind/agent/link/outbox'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { testFolder } from './folder'
import type { VirtualDevice } from './virtual-device'

const silent = pino({ level: 'silent' })

/**
 * A virtual device with the agent's real link and outbox that has something to say all the time, and remembers what
 * was acknowledged.
 */
export class TalkativeDevice {
  readonly stream = randomBytes(8).toString('hex')
  readonly acknowledged = new Set<number>()
  seq = 0
  #outbox = Outbox.open(path.join(testFolder('outbox'), 'outbox'))
  #stopping = new AbortController()
  #link: Link
  #timer: NodeJS.Timeout | undefined
  #running: Promise<unknown>

  constructor(device: VirtualDevice) {
    const boot = randomBytes(8).toString('hex')
    const host = { uptimeMs: () => process.uptime() * 1000, bootId: () => boot }
    const clock = new HubClock(host)
    this.#rememberAcknowledged()
    this.#link = new Link({
      enrolled: device.enrolled,
      key: device.key,
      start: 1,
      run: device.run,
      host,
      clock,
      outbox: this.#outbox,
      log: silent,
      capability: async () => ({
        at: 1,
        agentVersion: '0',
        deviceClass: 'v1:0000000000000000',
        facts: {},
        unreadable: [],
      }),
      reported: () => ({ at: clock.now(), revisionSeen: 0, revisionApplied: 0, failure: null }),
      measured: () => null,
      onDesired: () => {},
      onAsk: async () => ({ kind: 'failed', code: 'virtual', detail: '' }),
      onGone: () => {},
      onClockOff: () => {},
      onStartChanged: async () => {},
    })
    this.#running = this.#link.run(this.#stopping.signal)
    onTestFinished(() => this.stop())
  }

  /** Two samples every `everyMs` until it is told to be quiet. */
  talk(everyMs: number) {
    this.#timer = setInterval(() => {
      const samples = Array.from({ length: 2 }, () => ({
        seq: ++this.seq,
        mono: process.uptime() * 1000,
        at: Date.now(),
        load1: 1,
      }))
      this.#outbox.append({ leaf: 'telemetry', body: { stream: this.stream, boot: 'test', clock: 'hub', samples } })
      this.#link.wake()
    }, everyMs)
  }

  quiet() {
    clearInterval(this.#timer)
  }

  get waiting() {
    return this.#outbox.size
  }

  async stop() {
    this.quiet()
    await this.#link.leave(0)
    this.#stopping.abort()
    await this.#running
    this.#outbox.close()
  }

  #rememberAcknowledged() {
    const acknowledge = this.#outbox.acknowledge.bind(this.#outbox)
    this.#outbox.acknowledge = (entry) => {
      for (const { seq } of entry.message.body.samples as { seq: number }[]) this.acknowledged.add(seq)
      acknowledge(entry)
    }
  }
}

import type { KeyObject } from 'node:crypto'
import { backoffMs } from '@tradewind/artifacts/backoff'
import {
  type Answer,
  type CapabilityReport,
  type Desired,
  decode,
  type LeafName,
  type Measured,
  Problem,
  type Question,
  type Reported,
} from '@tradewind/protocol'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Enrolled } from '../identity/identity'
import type { HubClock, Monotonic } from './clock'
import { hubBytes, hubRequest } from './hub-http'
import type { Entry, Outbox } from './outbox'
import { signPassword } from './password'
import { Refused, Session, Unspeakable } from './session'

export type LinkParts = {
  enrolled: Enrolled
  key: KeyObject
  /** of this start; replaced when the hub has seen a later one of an older copy of this card */
  start: number
  /** random per process */
  run: string
  host: Monotonic & { bootId: () => string }
  clock: HubClock
  outbox: Outbox
  log: Logger
  capability: () => Promise<CapabilityReport>
  reported: () => Reported
  /** null: nothing was measured, or nothing is known of it any more */
  measured: () => Measured | null
  onDesired: (desired: Desired) => void
  /** null: nobody waits for an answer */
  onAsk: (question: Question, id: string) => Promise<Answer['answer'] | null>
  /** the connection ended, and with it whatever was asked over it */
  onGone: () => void
  onClockOff: (offMs: number) => void
  onStartChanged: (start: number) => Promise<void>
}

/** The hub will not have this identity again: trying on would only disturb whoever has it now. */
export type Banished = { code: 'identity-superseded' | 'device-revoked'; message: string; next: string }

/** Messages on their way at once; the hub commits them in groups. */
const window = 16
/** A wrong system clock is told once it is off by more than this. */
const clockToleranceMs = 60_000

/**
 * Keeps the device in touch with its hub. Invariants:
 * - one connection at a time; each has its own number, password and will;
 * - presence, capability, reported and measured are said anew with every connection: whole state, not changes;
 * - the outbox is drained in order, and rewound when the connection ends.
 */
export class Link {
  #session: Session | null = null
  #leaving = false
  #sessions = 0
  #inFlight = 0
  #url: string

  constructor(private parts: LinkParts) {
    this.#url = parts.enrolled.hub.urls[0] ?? ''
  }

  /** Connects again and again until the signal aborts (null) or the hub sends us away for good. */
  async run(signal: AbortSignal): Promise<Banished | null> {
    const { log } = this.parts
    signal.addEventListener('abort', () => this.#session?.drop(), { once: true })
    for (let attempt = 0; !signal.aborted && !this.#leaving; attempt++) {
      try {
        await this.#askTime()
        await this.#converse(signal, () => {
          attempt = 0
        })
        log.info('the connection ended')
      } catch (error) {
        const banished = error instanceof Refused ? await this.#whyRefused() : null
        if (banished) return banished
        log.warn({ error: (error as Error).message, url: this.#url }, 'no connection to the hub')
      }
      await sleep(backoffMs(attempt), signal)
    }
    return null
  }

  /** Something new waits in the outbox. */
  wake() {
    if (this.#session) this.#pump(this.#session)
  }

  async sayReported() {
    await this.#session?.publish('reported', this.parts.reported()).catch(() => {}) // said anew with the next connection
  }

  async sayMeasured() {
    const measured = this.parts.measured()
    if (measured) await this.#session?.publish('measured', measured).catch(() => {}) // likewise
  }

  /** A body that the hub keeps for this device, of at most `mostBytes`; by whom it is asked the device's key proves. */
  async fetch(path: string, { mostBytes, signal }: { mostBytes: number; signal: AbortSignal }) {
    const { caPem } = this.parts.enrolled.hub
    return hubBytes(`${this.#url}${path}`, { caPem, bearer: await this.#password(), mostBytes, signal })
  }

  /** The hub as a place for large files: where it answered last, and who asks. */
  get place() {
    return { url: () => this.#url, caPem: this.parts.enrolled.hub.caPem, bearer: () => this.#password() }
  }

  async sayCapability(report: CapabilityReport) {
    await this.#session?.publish('capability', report).catch(() => {}) // likewise
  }

  /** Says goodbye and ends the connection; a last chance of `graceMs` for what still waits. */
  async leave(graceMs = 1_000) {
    this.#leaving = true
    const session = this.#session
    if (!session) return
    const deadline = Date.now() + graceMs
    while (this.parts.outbox.size > 0 && Date.now() < deadline) await sleep(25)
    const { clock, start } = this.parts
    const goodbye = session.publish('presence', {
      state: 'disconnected',
      start,
      session: this.#sessions,
      at: clock.now(),
    })
    await Promise.race([goodbye.catch(() => {}), sleep(700)])
    await session.end()
  }

  /** Finds an address at which the hub answers, and takes its time. */
  async #askTime() {
    const { enrolled, clock, host, onClockOff } = this.parts
    const { urls, caPem } = enrolled.hub
    let lastError: unknown = new Error('no address')
    for (const url of [this.#url, ...urls.filter((other) => other !== this.#url)]) {
      try {
        const askedAt = host.uptimeMs()
        const { json } = await hubRequest(`${url}/time`, { caPem, timeoutMs: 5_000 })
        const isFirst = clock.source === 'system'
        const offMs = clock.set(TimeReply.parse(json).now, askedAt)
        if (isFirst && Math.abs(offMs) > clockToleranceMs) onClockOff(offMs)
        this.#url = url
        return
      } catch (error) {
        lastError = error
      }
    }
    throw lastError
  }

  async #converse(signal: AbortSignal, onConnected: () => void) {
    const { enrolled, clock, outbox, log, capability, reported, start, onGone } = this.parts
    this.#sessions++
    const session = await Session.open({
      host: new URL(this.#url).hostname.replace(/^\[|\]$/g, ''),
      port: enrolled.hub.mqttPort,
      caPem: enrolled.hub.caPem,
      deviceId: enrolled.deviceId,
      password: await this.#password(),
      start,
      session: this.#sessions,
      now: () => clock.now(),
      onMessage: (leaf, payload, id) => this.#hear(leaf, payload, id),
    })
    try {
      await session.publish('presence', { state: 'online', start, session: this.#sessions, at: clock.now() })
      log.info({ url: this.#url, start, session: this.#sessions }, 'connected to the hub')
      this.#session = session
      if (signal.aborted) session.drop()
      onConnected()
      void capability().then((report) => this.sayCapability(report))
      await session.publish('reported', reported())
      void this.sayMeasured()
      this.#pump(session)
      await session.closed
    } finally {
      session.drop()
      this.#session = null
      outbox.rewind()
      onGone()
    }
  }

  #pump(session: Session) {
    const { outbox, log } = this.parts
    for (const entry of outbox.take(window - this.#inFlight)) {
      this.#inFlight++
      this.#send(session, entry)
        .catch((error) => {
          // only what our own schema refuses is given up: the connection's end makes everything else wait again
          if (!(error instanceof Unspeakable)) return
          log.error({ error: error.message }, 'a message was dropped: it is not what the wire allows')
          outbox.acknowledge(entry)
        })
        .finally(() => {
          this.#inFlight--
          if (this.#session === session) this.#pump(session)
        })
    }
  }

  async #send(session: Session, entry: Entry) {
    const { host, clock, outbox } = this.parts
    const sent = { boot: host.bootId(), mono: Math.round(host.uptimeMs()), at: clock.now() }
    await session.publish(entry.message.leaf, { ...entry.message.body, sent } as never)
    outbox.acknowledge(entry)
  }

  #hear(leaf: LeafName, payload: Uint8Array, id: string | undefined) {
    const { log, onDesired, onAsk } = this.parts
    if (leaf === 'desired') {
      const desired = decode(leaf, payload)
      if (desired.ok) onDesired(desired.value)
      else log.warn(desired.refusal, 'desired was not understood')
    }
    if (leaf === 'ask' && id) {
      const ask = decode(leaf, payload)
      if (!ask.ok) return log.warn(ask.refusal, 'a question was not understood')
      void onAsk(ask.value.question, id).then((answer) => {
        if (answer) this.#session?.publish('answer', { answer }, id).catch(() => {}) // whoever asked waits no more
      })
    }
  }

  #password() {
    const { key, enrolled, start, run, clock } = this.parts
    return signPassword(key, { deviceId: enrolled.deviceId, start, run, nowMs: clock.now() })
  }

  /** MQTT 3.1.1 refuses without a word; the same password over HTTP gets the reason. */
  async #whyRefused(): Promise<Banished | null> {
    const { enrolled, log, onStartChanged } = this.parts
    const reply = await hubRequest(`${this.#url}/session`, {
      caPem: enrolled.hub.caPem,
      bearer: await this.#password(),
    }).catch(() => null)
    const problem = Problem.safeParse(reply?.json)
    if (!problem.success) return null
    const { code, message, next, detail } = problem.data
    log.warn({ code, next }, message)
    if (code === 'start-behind' && typeof detail?.latestStart === 'number') {
      this.parts.start = detail.latestStart + 1
      await onStartChanged(this.parts.start)
    }
    return code === 'identity-superseded' || code === 'device-revoked' ? { code, message, next } : null
  }
}

const TimeReply = z.object({ now: z.number().int().positive() })

/** Waits, or less when the signal aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    if (signal?.aborted) done()
    signal?.addEventListener('abort', done, { once: true })
  })
}

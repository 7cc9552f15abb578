import type { Topic } from '@tradewind/protocol'
import { hubEvent, type IngestEvent, type IngestGroup, type StoreThread } from '@tradewind/store'
import type { Logger } from 'pino'
import type { Device, Roster, Unsaved } from '../admission/roster'
import type { Link } from '../broker/broker'
import type { Feed } from '../feed'
import type { Metrics } from '../metrics'
import { digest, emptyGroup } from './digest'

type Said = {
  link: Link
  leaf: Parameters<typeof digest>[3]
  payload: Uint8Array
  receivedMs: number
  done: (error?: Error) => void
}
type Held = Pick<Said, 'link' | 'done'>

/** Milliseconds that a message may wait for company: a commit costs the same for one message as for a hundred. */
const lingerMs = 250
/** A device with so many messages unacknowledged drains its outbox: it waits for us and must not wait for the clock too. */
const draining = 8
/**
 * Messages in one group: more would hold up the disk for longer than a device should wait. What arrives beyond waits
 * unread for the next one; it cannot grow without bound, because aedes reads no more of a connection (64 KiB) before
 * all it has read of it is acknowledged.
 */
const mostInGroup = 5_000
/** Events that the hub itself observed and that are not stored yet; more are dropped. */
const mostObserved = 20_000
/** A device that talks nonsense must not fill the database with events about it. */
const tellRefusalsEveryMs = 10_000

/**
 * Takes what devices say and acknowledges it once it is on the disk. Invariants:
 * - a message is acknowledged only after the commit that holds it; groups are committed one after the other;
 * - when a commit fails, everything held is given back unacknowledged and the connections end, so that no later
 *   sample of a stream is stored before an earlier one (the marks rely on it);
 * - what the hub itself observed (presence, events) is kept and goes with the next group.
 */
export class Ingest {
  #group = emptyGroup()
  #held: Held[] = []
  #waiting: Said[] = []
  #observed: IngestEvent[] = []
  #timer: NodeJS.Timeout | null = null
  #committing: Promise<void> | null = null
  #failure: string | null = null
  #fullToldMs = Number.NEGATIVE_INFINITY

  constructor(
    private parts: {
      store: StoreThread
      roster: Roster
      feed: Feed
      metrics: Metrics
      log: Logger
      now: () => number
      onStored?: (group: IngestGroup) => void
    },
  ) {}

  /** The code of the last commit's failure, or null while the store takes what it is given. */
  get failure() {
    return this.#failure
  }

  receive(link: Link, { leaf }: Topic & Pick<Said, 'leaf'>, payload: Uint8Array, done: Said['done']) {
    if (link.broken && leaf === 'telemetry') return done(new Error('an earlier message was not stored'))
    const said: Said = { link, leaf, payload, receivedMs: this.parts.now(), done }
    link.held++
    if (this.#waiting.length > 0 || this.#held.length >= mostInGroup) this.#waiting.push(said)
    else this.#hold(said)
    const hurry = link.held >= draining || this.#waiting.length > 0
    if (hurry && !this.#committing) void this.#commit()
    else this.#schedule()
  }

  /** Counts a message that was not taken, and tells people of it, once in ten seconds for each code of a device. */
  refused(device: Device, leaf: string, { code, where }: { code: string; where: string }) {
    const { metrics, log, now } = this.parts
    metrics.messagesRefused.inc({ code })
    if (now() - (device.refusalToldMs.get(code) ?? 0) < tellRefusalsEveryMs) return
    device.refusalToldMs.set(code, now())
    log.warn({ device: device.deviceId, leaf, code, where }, 'message refused')
    this.observe(device, 'message-refused', { leaf, code, where })
  }

  /** Tells people, once in ten seconds, that devices are turned away because `room` of them are connected already. */
  full(room: number, openFilesLimit: number) {
    const { metrics, log, now } = this.parts
    const code = 'connections-full'
    metrics.connectionsRefused.inc({ code })
    if (now() - this.#fullToldMs < tellRefusalsEveryMs) return
    this.#fullToldMs = now()
    log.error(
      { code, room, openFilesLimit },
      'no room for another connection: raise TRADEWIND_MAX_CONNECTIONS, or the open files limit (LimitNOFILE, ulimit -n)',
    )
    this.observe(null, code, { room, openFilesLimit })
  }

  /** An event that the hub saw itself. */
  observe(device: Device | null, code: string, detail: IngestEvent['detail'] = {}) {
    if (this.#observed.length < mostObserved)
      this.#observed.push(hubEvent(device?.deviceId ?? null, code, this.parts.now(), detail))
    this.#schedule()
  }

  /** Devices that are shown online without a connection are lost after `graceMs`. */
  missTheAbsent(graceMs: number) {
    this.parts.roster.missTheAbsent(graceMs)
    if (this.#hasWork()) this.#schedule()
  }

  /** Commits whatever waits; resolves when nothing does, or the store takes nothing. */
  async flush(): Promise<void> {
    while (this.#committing || this.#hasWork()) {
      await (this.#committing ?? this.#commit())
      if (this.#failure) return
    }
  }

  #hold({ link, leaf, payload, receivedMs, done }: Said) {
    const refusal = digest(this.#group, this.parts.roster, link.device, leaf, payload, receivedMs)
    if (refusal) this.refused(link.device, leaf, refusal) // and acknowledged, or it would be sent for ever
    this.#held.push({ link, done })
  }

  #hasWork = () => this.#held.length > 0 || this.#observed.length > 0 || this.parts.roster.hasUnsaved

  #schedule() {
    if (this.#timer || this.#committing) return
    this.#timer = setTimeout(() => void this.#commit(), lingerMs)
  }

  #commit(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#committing = this.#commitGroup().finally(() => {
      this.#committing = null
      for (const said of this.#waiting.splice(0, mostInGroup - this.#held.length)) this.#hold(said)
      if (this.#waiting.length > 0) void this.#commit()
      else if (this.#held.length > 0 || (!this.#failure && this.#hasWork())) this.#schedule()
    })
    return this.#committing
  }

  async #commitGroup() {
    const { store, roster, metrics, log } = this.parts
    const held = this.#held.splice(0)
    const changed = roster.takeUnsaved()
    const observed = [...this.#observed.splice(0), ...changed.filter(({ turned }) => turned).map(presenceEvent)]
    const group: IngestGroup = {
      ...this.#group,
      events: [...this.#group.events, ...observed],
      presences: changed.flatMap(({ device }) =>
        device.presence ? [{ deviceId: device.deviceId, ...device.presence }] : [],
      ),
    }
    this.#group = emptyGroup()
    const end = metrics.commitSeconds.startTimer()
    try {
      const { stored, duplicates } = await store.commit(group)
      this.#failure = null
      metrics.samplesStored.inc(stored)
      metrics.samplesDuplicate.inc(duplicates)
      for (const { link, done } of held) {
        link.held--
        done()
      }
      this.parts.feed.tell(group, roster)
      this.parts.onStored?.(group)
    } catch (error) {
      this.#failure = codeOf(error)
      metrics.commitFailures.inc()
      log.error({ code: this.#failure, error: (error as Error).message }, 'a group was not stored: giving it back')
      roster.putBack(changed)
      this.#observed.unshift(...observed.filter(({ code }) => !code.startsWith('presence-')))
      this.#giveBack(held)
    } finally {
      end()
    }
  }

  #giveBack(held: Held[]) {
    const all: Held[] = [...held, ...this.#held.splice(0), ...this.#waiting.splice(0)]
    this.#group = emptyGroup()
    for (const { link } of all) link.broken = true
    for (const { done } of all) done(new Error('not stored'))
  }
}

const presenceEvent = ({ device: { deviceId, presence } }: Unsaved): IngestEvent =>
  hubEvent(deviceId, `presence-${presence?.state}`, presence?.sinceMs ?? 0, { start: presence?.start ?? 0 })

/** SQLite's own name for the trouble (`SQLITE_FULL`), however deep the driver buried it. */
function codeOf(error: unknown): string {
  const { message = '' } = error as Error
  if (/database or disk is full|SQLITE_FULL/i.test(message)) return 'SQLITE_FULL'
  if (/readonly|SQLITE_READONLY/i.test(message)) return 'SQLITE_READONLY'
  return /SQLITE_[A-Z_]+/.exec(message)?.[0] ?? 'store-unavailable'
}

import type { PresenceState } from '@tradewind/protocol'
import type { EventRow, SamplePoint } from '@tradewind/store'

export type LiveEvents = {
  presence: { deviceId: string; state: PresenceState; sinceMs: number }
  sample: { deviceId: string; points: SamplePoint[] }
  event: EventRow
  report: { deviceId: string }
  reported: { deviceId: string }
  measured: { deviceId: string }
  assigned: { deviceIds: string[] }
  problems: { deviceIds: string[] }
  rollout: { rolloutId: string; state: string }
  proposals: Record<string, never>
  fleet: Record<string, never>
}
export type NewsKind = keyof LiveEvents

export type Handlers = { [N in NewsKind]?: (data: LiveEvents[N]) => void } & {
  /** Something may have happened that was not heard, before the stream was open or while it was lost: read again. */
  back?: () => void
}

/** `sinceMs`: for how long it has been so. */
export type Connection = { state: 'connecting' | 'live' | 'lost'; sinceMs: number }

export type Listener = {
  /** what it listens for; nothing else is asked of the hub for it */
  kinds: NewsKind[]
  /** null: of all devices */
  deviceId: string | null
  hear: (kind: NewsKind, data: never) => void
  back: () => void
}

/** What this needs of an `EventSource`. */
export type Source = Pick<EventSource, 'readyState' | 'onopen' | 'onerror' | 'close'> & {
  addEventListener(kind: string, heard: (message: MessageEvent<string>) => void): void
}

const closed = 2
/** After which a new stream is tried when there was none, in milliseconds. */
const retryMs = 2_000
/** Components come and go together when a page changes: the stream follows once they have. */
const settleMs = 50

/**
 * The one stream of news of a browser tab. Whoever listens says what for; the stream asks the hub for just that, and a
 * new one is open before the one it replaces is closed, so that nothing is missed in between. A browser gives up on an
 * answer that is no stream (the hub is away), so this opens another until there is one.
 *
 * The hub tells all of one device, or the newest of all: a listener for all devices wins.
 */
export class LiveConnection {
  private readonly listeners = new Set<Listener>()
  /** who has read what is so, and may have missed what came before its stream was open */
  private readonly unsure = new Set<Listener>()
  private readonly watchers = new Set<() => void>()
  private connection: Connection
  private source: Source | null = null
  private coming: Source | null = null
  private address: string | null = null
  private wasLost = false
  private settling: ReturnType<typeof setTimeout> | undefined
  private retrying: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly open: (address: string) => Source,
    private readonly now: () => number = Date.now,
  ) {
    this.connection = { state: 'connecting', sinceMs: now() }
  }

  readonly state = () => this.connection

  /** Tells when `state` is another. */
  readonly watch = (watcher: () => void) => {
    this.watchers.add(watcher)
    return () => void this.watchers.delete(watcher)
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener)
    this.unsure.add(listener)
    this.settle()
    return () => {
      this.listeners.delete(listener)
      this.unsure.delete(listener)
      this.settle()
    }
  }

  /** Opens the stream anew, as after a sleep that it may not have survived without either end noticing. */
  renew() {
    if (this.address === null) return
    this.wasLost = true
    this.begin(this.address)
  }

  private settle() {
    clearTimeout(this.settling)
    this.settling = setTimeout(() => {
      const address = addressFor([...this.listeners])
      if (address === this.address)
        return this.connection.state === 'live' && !this.coming ? this.reassure() : undefined
      this.address = address
      if (address === null) this.end()
      else this.begin(address)
    }, settleMs)
  }

  private begin(address: string) {
    clearTimeout(this.retrying)
    this.coming?.close()
    const source = this.open(address)
    this.coming = source
    source.onopen = () => this.opened(source)
    source.onerror = () => this.failed(source)
    for (const kind of kindsOf([...this.listeners]))
      source.addEventListener(kind, ({ data }) => source === this.source && this.tell(kind, JSON.parse(data) as never))
  }

  private opened(source: Source) {
    if (source === this.coming) {
      this.source?.close()
      this.source = source
      this.coming = null
    }
    this.become('live')
    if (this.wasLost) for (const listener of this.listeners) this.unsure.add(listener)
    this.wasLost = false
    this.reassure()
  }

  private reassure() {
    const those = [...this.unsure]
    this.unsure.clear()
    for (const listener of those) listener.back()
  }

  private failed(source: Source) {
    // A stream that is still to take over may fail while the one before it goes on.
    if (source === this.source || !this.source) {
      this.wasLost = true
      this.become('lost')
    }
    if (source.readyState !== closed) return
    if (source === this.source) this.source = null
    if (source === this.coming) this.coming = null
    clearTimeout(this.retrying)
    this.retrying = setTimeout(() => this.address !== null && this.begin(this.address), retryMs)
  }

  private end() {
    clearTimeout(this.retrying)
    this.source?.close()
    this.coming?.close()
    this.source = null
    this.coming = null
    this.wasLost = false
    this.become('connecting')
  }

  private tell(kind: NewsKind, data: never) {
    for (const listener of this.listeners)
      if (listener.kinds.includes(kind) && isAbout(listener.deviceId, data)) listener.hear(kind, data)
  }

  private become(state: Connection['state']) {
    if (this.connection.state === state) return
    this.connection = { state, sinceMs: this.now() }
    for (const watcher of this.watchers) watcher()
  }
}

/** What is said of the fleet rather than of devices is for everybody. */
const ofTheFleet: NewsKind[] = ['assigned', 'problems', 'rollout', 'proposals', 'fleet']

const kindsOf = (listeners: Listener[]) => [...new Set(listeners.flatMap(({ kinds }) => kinds))].sort()

/** What is asked of `/api/v1/events` for all of these; null when nobody listens. */
export function addressFor(listeners: Listener[]): string | null {
  const kinds = kindsOf(listeners)
  if (kinds.length === 0) return null
  const query = new URLSearchParams({ only: kinds.join(',') })
  const needsAll = listeners.some(
    ({ deviceId, kinds }) => deviceId === null && kinds.some((kind) => !ofTheFleet.includes(kind)),
  )
  const deviceId = listeners.find((listener) => listener.deviceId !== null)?.deviceId
  if (!needsAll && deviceId) query.set('device', deviceId)
  return `/api/v1/events?${query}`
}

function isAbout(deviceId: string | null, data: { deviceId?: string | null; deviceIds?: string[] }): boolean {
  if (deviceId === null) return true
  if (data.deviceIds) return data.deviceIds.includes(deviceId)
  return data.deviceId === undefined || data.deviceId === deviceId
}

import type { Latest } from '@tradewind/store'

/**
 * The newest figures of every device. Rows watch their own device only, and are told a few times a second at most,
 * however many samples arrive.
 */
export class LatestFigures {
  private readonly known: Map<string, Latest>
  private readonly watchers = new Map<string, Set<() => void>>()
  private readonly changed = new Set<string>()
  private flushing: ReturnType<typeof setTimeout> | undefined

  constructor(
    latest: Iterable<readonly [string, Latest]>,
    private readonly flushMs = 250,
  ) {
    this.known = new Map(latest)
  }

  get(deviceId: string): Latest | undefined {
    return this.known.get(deviceId)
  }

  /** Keeps what is newer than what is known. */
  offer(deviceId: string, latest: Latest) {
    if (latest.atMs <= (this.known.get(deviceId)?.atMs ?? 0)) return
    this.known.set(deviceId, latest)
    this.changed.add(deviceId)
    this.flushing ??= setTimeout(() => this.flush(), this.flushMs)
  }

  watch(deviceId: string, watcher: () => void): () => void {
    const watchers = this.watchers.get(deviceId) ?? new Set()
    this.watchers.set(deviceId, watchers.add(watcher))
    return () => {
      watchers.delete(watcher)
      if (watchers.size === 0 && this.watchers.get(deviceId) === watchers) this.watchers.delete(deviceId)
    }
  }

  private flush() {
    this.flushing = undefined
    for (const deviceId of this.changed) for (const watcher of this.watchers.get(deviceId) ?? []) watcher()
    this.changed.clear()
  }
}

/** The host's monotonic clock. */
export type Monotonic = { uptimeMs: () => number }

/**
 * What time it is, by the hub. A Pi has no clock after a power cut: until the hub was asked, the system's time is all
 * there is, and whatever is dated with it says so.
 */
export class HubClock {
  #hubAtSync: { hubMs: number; uptimeMs: number } | null = null

  constructor(
    private host: Monotonic,
    private systemNow: () => number = Date.now,
  ) {}

  get source(): 'hub' | 'system' {
    return this.#hubAtSync ? 'hub' : 'system'
  }

  now(): number {
    const sync = this.#hubAtSync
    return Math.max(0, Math.round(sync ? sync.hubMs + (this.host.uptimeMs() - sync.uptimeMs) : this.systemNow()))
  }

  /** Takes the hub's time; half the round trip is the best guess for the way back. Returns how far the system is off, in ms. */
  set(hubMs: number, askedAtUptimeMs: number): number {
    const uptimeMs = this.host.uptimeMs()
    this.#hubAtSync = { hubMs: hubMs + (uptimeMs - askedAtUptimeMs) / 2, uptimeMs }
    return this.systemNow() - this.now()
  }
}

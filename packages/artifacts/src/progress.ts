/** How far a build is: bytes a second as measured over the last ten seconds, null before there is anything to measure. */
export type Progress = {
  source: string
  doneBytes: number
  totalBytes: number
  bytesPerSecond: number | null
  etaSeconds: number | null
}

const windowMs = 10_000
const stepMs = 200

/** Counts bytes and tells how fast they come. `nowMs` is any clock that does not jump. */
export class Meter {
  #seen: { atMs: number; bytes: number }[] = []

  constructor(
    private totalBytes: number,
    private doneBytes: number,
    private nowMs: () => number,
  ) {
    this.#seen.push({ atMs: nowMs(), bytes: doneBytes })
  }

  /** Returns whether enough time went by that telling is worth it. */
  count(bytes: number): boolean {
    this.doneBytes += bytes
    const atMs = this.nowMs()
    const isDue = atMs - (this.#seen.at(-1)?.atMs ?? 0) >= stepMs
    if (isDue) this.#seen.push({ atMs, bytes: this.doneBytes })
    while (this.#seen.length > 2 && atMs - (this.#seen[0]?.atMs ?? 0) > windowMs) this.#seen.shift()
    return isDue
  }

  read(source: string): Progress {
    const first = this.#seen[0]
    const ms = first ? this.nowMs() - first.atMs : 0
    const bytesPerSecond = first && ms >= stepMs ? Math.max(0, ((this.doneBytes - first.bytes) * 1000) / ms) : null
    const left = this.totalBytes - this.doneBytes
    const etaSeconds = left <= 0 ? 0 : bytesPerSecond ? left / bytesPerSecond : null
    return { source, doneBytes: this.doneBytes, totalBytes: this.totalBytes, bytesPerSecond, etaSeconds }
  }
}

import { setTimeout } from 'node:timers/promises'
import type { ResolvedFile } from '@tradewind/protocol'
import { backoffMs } from './backoff'
import { PartialFile } from './partial-file'
import { firstGap, type Range, type Ranges, reach, sizeOf, withoutRange, withRange } from './ranges'
import type { Source } from './source'
import { ArtifactError, consequenceOf, diskTrouble, fail, type Trouble } from './trouble'

/** What fetching needs of time and chance. */
export type Clock = {
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** milliseconds of a clock that does not jump */
  nowMs: () => number
  random: () => number
}
export const realClock: Clock = {
  sleep: async (ms, signal) => void (await setTimeout(ms, undefined, { signal }).catch(() => {})),
  nowMs: () => performance.now(),
  random: Math.random,
}

export type FetchLimits = {
  connections: number
  /** bytes that one connection asks for at a time */
  partBytes: number
  /** bytes that are written at once, and so the most that a kill costs each connection */
  batchBytes: number
  /** failures in a row, without a byte in between, until the next source's turn */
  failures: number
  /** a source that asks for more patience than this has to wait for its turn */
  patienceMs: number
}
export const fetchLimits: FetchLimits = {
  connections: 4,
  partBytes: 32 * 1024 * 1024,
  batchBytes: 256 * 1024,
  failures: 6,
  patienceMs: 5 * 60_000,
}

export type Fetching = {
  sources: Source[]
  signal: AbortSignal
  clock: Clock
  limits: FetchLimits
  /** negative when bytes turned out to be bad */
  onBytes: (bytes: number, source: Source) => void
}

/**
 * Brings one file to `whole`, from the first source that has the right bytes. What an earlier run left counts, whoever it came
 * from. Throws an `ArtifactError`; what is there then is kept for the next run, except bytes that are bad.
 */
export async function fetchFile(file: ResolvedFile, whole: string, fetching: Fetching) {
  const tried: { source: string; trouble: Trouble }[] = []
  for (const source of fetching.sources) {
    const trouble = await fromSource(file, whole, source, fetching)
    if (!trouble) return
    tried.push({ source: source.name, trouble })
  }
  const [only] = tried
  if (only && tried.length === 1) throw new ArtifactError(only.trouble)
  fail('no-source-left', { path: file.path, tried })
}

/** Why this source did not do; null when the file is there. */
async function fromSource(
  file: ResolvedFile,
  whole: string,
  source: Source,
  fetching: Fetching,
): Promise<Trouble | null> {
  const first = await attempt(file, whole, source, fetching)
  // bytes of before may be at fault as well: only a source that sent all of them, of one file, is to blame
  const isBlameless = first && isBad(first.trouble) && (first.hadBytes || first.trouble.code === 'file-changed')
  const last = isBlameless ? await attempt(file, whole, source, fetching) : first
  return last?.trouble ?? null
}

type Failed = { trouble: Trouble; hadBytes: boolean }

/** Null when the file is there. Throws what is no fault of the source. */
async function attempt(file: ResolvedFile, whole: string, source: Source, fetching: Fetching): Promise<Failed | null> {
  const partial = await PartialFile.open(file, whole).catch((error) => Promise.reject(diskTrouble(error)))
  const hadBytes = partial.have.length > 0
  try {
    await new Download(file, partial, source, fetching).run()
    const gotSha256 = await partial.digest()
    if (gotSha256 !== file.sha256) fail('wrong-bytes', { gotSha256, wantSha256: file.sha256 })
    await partial.finish()
    return null
  } catch (error) {
    const { trouble } = diskTrouble(error)
    await partial.close().catch(() => {})
    if (isBad(trouble)) {
      await PartialFile.discard(whole)
      fetching.onBytes(-sizeOf(partial.have), source)
    }
    if (consequenceOf(trouble) === 'give-up') throw new ArtifactError(trouble)
    return { trouble, hadBytes }
  }
}

/** Whether nothing that came may be kept. */
const isBad = ({ code }: Trouble) => code === 'wrong-bytes' || code === 'file-changed'

/** What is missing of one file, from one source, by several connections at once. */
class Download {
  #taken: Ranges = []
  #failuresInARow = 0
  #version = {}
  #ending = new AbortController()
  #signal: AbortSignal

  constructor(
    private file: ResolvedFile,
    private partial: PartialFile,
    private source: Source,
    private fetching: Fetching,
  ) {
    this.#signal = AbortSignal.any([fetching.signal, this.#ending.signal])
  }

  /** Throws the trouble that ended it. */
  async run() {
    try {
      await this.#connections(this.fetching.limits.connections, (range) => this.#part(range))
    } catch (error) {
      if (!(error instanceof ArtifactError) || error.trouble.code !== 'no-ranges') throw error
      // as one stream from the start; of what is there already only the bytes are spared, not the way
      this.#ending = new AbortController()
      this.#signal = AbortSignal.any([this.fetching.signal, this.#ending.signal])
      this.#taken = []
      await this.#connections(1, () => this.#stream(null, [0, this.file.bytes]))
    }
  }

  async #connections(count: number, read: (range: Range) => Promise<void>) {
    const all = Array.from({ length: count }, () =>
      this.#connection(read).catch((error) => {
        this.#ending.abort()
        throw error
      }),
    )
    const ended = await Promise.allSettled(all)
    const failures = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    if (this.fetching.signal.aborted) fail('cancelled', {})
    // the first to fail stopped the others, which then say that they were stopped
    const cause = failures.find((error) => !isCancelled(error)) ?? failures[0]
    if (cause) throw cause
  }

  async #connection(read: (range: Range) => Promise<void>) {
    for (let part = this.#take(); part && !this.#signal.aborted; part = this.#take())
      try {
        await read(part)
      } catch (error) {
        await this.#afterFailure(error)
      } finally {
        this.#release(part)
      }
  }

  #take(): Range | undefined {
    const busy = this.partial.have.reduce(withRange, this.#taken)
    const part = firstGap(busy, this.file.bytes, this.fetching.limits.partBytes)
    if (part) this.#taken = withRange(this.#taken, part)
    return part
  }

  #release(part: Range) {
    this.#taken = withoutRange(this.#taken, part)
  }

  async #part(range: Range) {
    await this.#stream(range, range)
    void this.partial.sync().catch(() => {}) // `finish` meets the same error
  }

  /** Writes what comes, in batches, to the last byte that came. */
  async #stream(asked: Range | null, [from, to]: Range) {
    const body = await this.source.read({ file: this.file, range: asked, signal: this.#signal, version: this.#version })
    let at = from
    let batch: Buffer[] = []
    let size = 0
    const flush = async () => {
      const [chunks, bytes] = [batch, size]
      batch = []
      size = 0
      if (bytes > 0) await this.#write(at, chunks, bytes)
      at += bytes
    }
    try {
      for await (const chunk of body) {
        batch.push(chunk)
        size += chunk.length
        if (size >= this.fetching.limits.batchBytes) await flush()
      }
    } finally {
      await flush()
    }
    if (at < to) fail('truncated', { gotBytes: at - from, wantBytes: to - from })
  }

  async #write(at: number, chunks: Buffer[], bytes: number) {
    if (reach(this.partial.have, at) >= at + bytes) return // a stream from the start passes what is there already
    const added = await this.partial.write(at, chunks).catch((error) => Promise.reject(diskTrouble(error)))
    this.#failuresInARow = 0
    this.fetching.onBytes(added, this.source)
  }

  /** Waits, when the trouble passes; throws it when it does not, or lasts too long. */
  async #afterFailure(error: unknown) {
    const { trouble } = diskTrouble(error)
    const { clock, limits } = this.fetching
    const isLasting = consequenceOf(trouble) !== 'again' || ++this.#failuresInARow >= limits.failures
    if (isLasting) throw new ArtifactError(trouble)
    const askedMs = trouble.code === 'too-many-requests' ? (trouble.retryAfterMs ?? 0) : 0
    if (askedMs > limits.patienceMs) throw new ArtifactError(trouble)
    await clock.sleep(askedMs + backoffMs(this.#failuresInARow - 1, clock.random), this.#signal)
  }
}

const isCancelled = (error: unknown) => error instanceof ArtifactError && error.trouble.code === 'cancelled'

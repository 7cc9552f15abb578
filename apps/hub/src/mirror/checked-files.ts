import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'

const usualPatienceMs = 10_000

export type Opened =
  | { kind: 'file'; handle: FileHandle; bytes: number }
  | { kind: 'checking'; retryAfterSeconds: number }
  | { kind: 'missing' | 'corrupt' }

/**
 * Files that are named by their sha256. Each is read through before it is served for the first time, and again when its inode, size
 * or times are others than they were then; one whose bytes are not what its name says is deleted.
 */
export class CheckedFiles {
  #right = new Map<string, string>()
  #checks = new Map<string, Check>()

  /** `patienceMs`: whoever asks for a file is kept waiting so long while its sha256 is computed. */
  constructor(
    private pathOf: (sha256: string) => string,
    private patienceMs = usualPatienceMs,
  ) {}

  /** Whoever gets a handle closes it. */
  async open(sha256: string): Promise<Opened> {
    const handle = await open(this.pathOf(sha256)).catch(() => null)
    if (!handle) return { kind: 'missing' }
    const found = await handle.stat()
    if (this.#right.get(sha256) === markOf(found)) return { kind: 'file', handle, bytes: found.size }
    await handle.close()
    const check = this.#checks.get(sha256) ?? this.#begin(sha256, found.size)
    const outcome = await Promise.race([check.outcome, pause(this.patienceMs)])
    if (outcome === 'right') return this.open(sha256)
    return outcome === 'wrong' ? { kind: 'corrupt' } : { kind: 'checking', retryAfterSeconds: check.secondsLeft() }
  }

  /** What this process has just verified need not be read again. */
  async trust(sha256: string) {
    const found = await stat(this.pathOf(sha256)).catch(() => null)
    if (found) this.#right.set(sha256, markOf(found))
  }

  #begin(sha256: string, bytes: number): Check {
    const check = new Check(bytes)
    check.outcome = this.#check(sha256, check).finally(() => this.#checks.delete(sha256))
    check.outcome.catch(() => {}) // whoever waits meets the same error
    this.#checks.set(sha256, check)
    return check
  }

  async #check(sha256: string, check: Check): Promise<'right' | 'wrong'> {
    const handle = await open(this.pathOf(sha256))
    try {
      const before = markOf(await handle.stat())
      const isRight = (await check.read(handle)) === sha256
      if (isRight) this.#right.set(sha256, before)
      else await rm(this.pathOf(sha256), { force: true })
      return isRight ? 'right' : 'wrong'
    } finally {
      await handle.close()
    }
  }
}

/** The reading of one file, and how long it still takes. */
class Check {
  outcome: Promise<'right' | 'wrong'> = Promise.resolve('wrong')
  #doneBytes = 0
  #startedMs = performance.now()

  constructor(private bytes: number) {}

  async read(handle: FileHandle): Promise<string> {
    const hash = createHash('sha256')
    for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 })) {
      hash.update(chunk)
      this.#doneBytes += chunk.length
    }
    return hash.digest('hex')
  }

  secondsLeft(): number {
    const share = this.#doneBytes / this.bytes
    const ms = performance.now() - this.#startedMs
    return share > 0 ? Math.max(1, Math.ceil((ms / share - ms) / 1000)) : usualPatienceMs / 1000
  }
}

const markOf = ({ ino, size, mtimeMs, ctimeMs }: Stats) => `${ino} ${size} ${mtimeMs} ${ctimeMs}`
const pause = (ms: number) => new Promise<'still'>((resolve) => setTimeout(resolve, ms, 'still').unref())

import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { ResolvedFile } from '@tradewind/protocol'
import { Journal } from './journal'
import { type Ranges, reach, sizeOf, withRange } from './ranges'

const readBytes = 1024 * 1024

/**
 * A file that is on its way: bytes arrive in any order and survive a crash.
 *
 * - What `have` says was written to the file before.
 * - The sha256 follows the bytes from the start: those that arrive in order are hashed from memory, others are read back.
 * - It becomes a whole file by a rename, after the sha256 was right and the bytes are on the disk; nothing else makes one.
 */
export class PartialFile {
  #have: Ranges
  #hash = createHash('sha256')
  #hashedTo = 0
  #following: Promise<void> | null = null
  #syncing: Promise<void> | null = null

  private constructor(
    private file: ResolvedFile,
    private whole: string,
    private handle: FileHandle,
    private journal: Journal,
  ) {
    this.#have = journal.found
  }

  /** Goes on with what an earlier run left. Throws the system's errors. */
  static async open(file: ResolvedFile, whole: string): Promise<PartialFile> {
    const { data, journal } = namesOf(whole)
    const handle = await open(data, constants.O_RDWR | constants.O_CREAT, 0o600)
    // bytes that a journal promises and the file does not have: somebody meddled
    const isCut = (await handle.stat()).size !== file.bytes
    if (isCut) await rm(journal, { force: true })
    await handle.truncate(file.bytes)
    return new PartialFile(file, whole, handle, await Journal.open(journal))
  }

  get have(): Ranges {
    return this.#have
  }
  get isComplete(): boolean {
    return sizeOf(this.#have) === this.file.bytes
  }

  /** Returns how many of the bytes were not there before. */
  async write(at: number, chunks: Buffer[]): Promise<number> {
    const bytes = chunks.reduce((sum, { length }) => sum + length, 0)
    await writeAll(this.handle, chunks, at)
    const before = sizeOf(this.#have)
    this.#have = withRange(this.#have, [at, at + bytes])
    const added = sizeOf(this.#have) - before
    if (at === this.#hashedTo && !this.#following) {
      for (const chunk of chunks) this.#hash.update(chunk)
      this.#hashedTo += bytes
    }
    await this.journal.written(this.#have)
    void this.#follow().catch(() => {}) // `digest` meets the same error
    return added
  }

  /**
   * Puts on the disk what is written by now, and says so in the journal. Once that fails it fails for ever, and so does
   * `finish`: the system tells of lost bytes only once, and the next sync would be told that all is well.
   */
  sync(): Promise<void> {
    this.#syncing ??= this.#sync().then(() => {
      this.#syncing = null
    })
    return this.#syncing
  }

  async #sync() {
    const have = this.#have
    await this.handle.datasync()
    await this.journal.synced(have)
  }

  /** The sha256 of all bytes, once they are there. */
  async digest(): Promise<string> {
    if (!this.isComplete) throw new Error('the sha256 of a file that is not complete')
    while (this.#hashedTo < this.file.bytes) await this.#follow()
    return this.#hash.copy().digest('hex')
  }

  #follow(): Promise<void> {
    this.#following ??= this.#readBack().finally(() => {
      this.#following = null
    })
    return this.#following
  }

  async #readBack() {
    if (reach(this.#have, this.#hashedTo) === this.#hashedTo) return
    const buffer = Buffer.allocUnsafe(readBytes)
    for (;;) {
      const most = Math.min(readBytes, reach(this.#have, this.#hashedTo) - this.#hashedTo)
      if (most === 0) return
      const { bytesRead } = await this.handle.read(buffer, 0, most, this.#hashedTo)
      if (bytesRead === 0) throw Object.assign(new Error('the file was cut off'), { code: 'EIO' })
      this.#hash.update(buffer.subarray(0, bytesRead))
      this.#hashedTo += bytesRead
    }
  }

  /** Makes it a whole file, for reading only. Its sha256 must have been found right. */
  async finish() {
    await this.#syncing
    await this.handle.sync()
    await this.handle.chmod(0o400)
    await this.close()
    const { data, journal } = namesOf(this.whole)
    await rename(data, this.whole)
    await rm(journal, { force: true })
    const folder = await open(path.dirname(this.whole), 'r')
    await folder.sync().finally(() => folder.close())
  }

  async close() {
    await Promise.allSettled([this.#following, this.#syncing])
    await Promise.all([this.handle.close(), this.journal.close()])
  }

  static async discard(whole: string) {
    const { data, journal } = namesOf(whole)
    // the journal first: without it no byte of the other counts
    await rm(journal, { force: true })
    await rm(data, { force: true })
  }
}

function namesOf(whole: string) {
  return { data: `${whole}.partial`, journal: `${whole}.journal` }
}

async function writeAll(handle: FileHandle, chunks: Buffer[], at: number) {
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0)
  const { bytesWritten } = await handle.writev(chunks, at)
  if (bytesWritten === bytes) return
  // a short write: the disk is filling up, and the next one says so
  const rest = Buffer.concat(chunks).subarray(bytesWritten)
  for (let done = 0; done < rest.length; )
    done += (await handle.write(rest, done, rest.length - done, at + bytesWritten + done)).bytesWritten
}

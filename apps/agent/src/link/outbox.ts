import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { type Cursor, readSegment, type Waiting, writeLine } from './segment'
import { samplesIn, thin } from './thin'

export type Entry = { message: Waiting; segment: Segment; index: number }
type Segment = {
  n: number
  /** how often its samples were halved */
  level: number
  /** false for what the disk would not take: it is sent like the rest, and gone after a restart */
  isOnDisk: boolean
  bytes: number
  count: number
  /** how many of its messages were taken to be sent, and how many of those the hub has acknowledged */
  sent: number
  acked: number
  /** acknowledged, but not yet everything before them */
  early: Set<number>
  /** null until they are needed */
  messages: Waiting[] | null
}

export type OutboxNews =
  | { code: 'samples-thinned'; detail: { dropped: number } }
  | { code: 'outbox-damaged'; detail: { bytes: number } }
  | { code: 'outbox-unwritable'; detail: { error: string } }

/** Messages held in memory alone while the disk takes nothing; beyond it their samples are thinned too. */
const mostInMemory = 500

/**
 * What waits to be told to the hub: an append-only log in segments, each line with its checksum.
 * - A message is on the disk before it is sent, and leaves only when the hub acknowledged it.
 * - Losing a cursor or the tail of the log makes the device say something twice, which the hub tells by stream and
 *   sequence number; it never makes it say less than was acknowledged.
 * - When `maxBytes` is reached the oldest samples are thinned, again and again, so that a long time without a hub is
 *   remembered coarsely rather than cut off.
 */
export class Outbox {
  #segments: Segment[] = []
  #fd: number | null = null
  #unwritable: string | null = null
  #cursorDue = false
  #syncDue = false
  #news: OutboxNews[] = []

  private constructor(
    private folder: string,
    private maxBytes: number,
    private segmentBytes: number,
  ) {}

  /** Reads what an earlier start left. Never throws for a damaged log; a folder that cannot be read is empty and unwritable. */
  static open(folder: string, { maxBytes = 16 * 1024 * 1024, segmentBytes = 256 * 1024 } = {}): Outbox {
    const outbox = new Outbox(folder, maxBytes, segmentBytes)
    outbox.#attempt(() => {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      outbox.#load()
    })
    return outbox
  }

  /** Messages not yet acknowledged. */
  get size() {
    return this.#segments.reduce((sum, segment) => sum + segment.count - segment.acked, 0)
  }

  /** Why the disk takes nothing (`ENOSPC`, `EROFS` …), or null. */
  get unwritable() {
    return this.#unwritable
  }

  /** What happened to the log since it was asked last. */
  takeNews(): OutboxNews[] {
    return this.#news.splice(0)
  }

  append(message: Waiting) {
    const isWritten = this.#attempt(() => this.#write(message))
    if (!isWritten) this.#keepInMemory(message)
    if (this.#bytes() > this.maxBytes) this.#attempt(() => this.#makeRoom())
  }

  /** Takes the oldest messages that were not taken yet, at most `most`. */
  take(most: number): Entry[] {
    const entries: Entry[] = []
    for (const segment of [...this.#segments]) {
      if (segment.sent >= segment.count) continue
      const messages = this.#messagesOf(segment)
      for (; segment.sent < messages.length && entries.length < most; segment.sent++)
        entries.push({ segment, index: segment.sent, message: messages[segment.sent] as Waiting })
      if (entries.length >= most) break
    }
    return entries
  }

  /** The connection ended: what was taken and not acknowledged waits again, in its old order. */
  rewind() {
    for (const segment of this.#segments) {
      segment.sent = segment.acked
      segment.early.clear()
    }
  }

  /** The hub has stored it. Only what has everything before it acknowledged too may be forgotten. */
  acknowledge({ segment, index }: Entry) {
    if (index >= segment.acked) segment.early.add(index)
    while (segment.early.delete(segment.acked)) segment.acked++
    this.#cursorDue = true
    this.#attempt(() => {
      while (this.#segments.length > 1 && isDone(this.#segments[0])) this.#remove(this.#segments[0] as Segment)
    })
  }

  /**
   * Brings what waits to the disk, with the cursor if it moved. When nothing waits the log is emptied instead: done
   * within the half minute after which the system writes by itself, what the hub has taken meanwhile never costs the
   * card a write.
   */
  settle() {
    this.#attempt(() => {
      if (this.#fd !== null && this.size === 0 && this.#segments.length === 1) return this.#empty(this.#fd)
      const reached = this.#segments.findLast((segment) => segment.acked > 0)
      if (this.#cursorDue && reached && this.#fd === null) this.#begin()
      if (this.#cursorDue && reached)
        this.#writeText(writeLine({ acked: { file: nameOf(reached), index: reached.acked } }))
      this.#cursorDue = false
      if (this.#syncDue && this.#fd !== null) fdatasyncSync(this.#fd)
      this.#syncDue = false
    })
  }

  /** A new segment on the old file: an acknowledgement that still names the old one means nothing to it. */
  #empty(fd: number) {
    ftruncateSync(fd, 0)
    this.#segments = this.#segments.map(({ n }) => emptySegment(n))
    this.#cursorDue = false
    this.#syncDue = false
  }

  close() {
    this.settle()
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
  }

  #load() {
    const cursors: Cursor[] = []
    let damagedBytes = 0
    const found = readdirSync(this.folder)
      .flatMap((file) => segmentName(file) ?? [])
      .sort((a, b) => a.n - b.n || b.level - a.level)
    for (const { n, level } of found) {
      const segment: Segment = { ...emptySegment(n), level }
      if (this.#segments.at(-1)?.n === n) {
        this.#unlink(segment) // thinned before the power went; the thinned one is whole
        continue
      }
      const reading = readSegment(this.#path(segment))
      segment.messages = null
      segment.count = reading.messages.length
      segment.bytes = reading.messages.reduce((sum, message) => sum + writeLine({ message }).length, 0)
      cursors.push(...reading.acked)
      damagedBytes += reading.damagedBytes
      this.#segments.push(segment)
    }
    for (const cursor of cursors) this.#resume(cursor)
    this.rewind()
    this.#cursorDue = cursors.length > 0
    for (const segment of [...this.#segments]) if (isDone(segment)) this.#remove(segment)
    if (damagedBytes > 0) this.#news.push({ code: 'outbox-damaged', detail: { bytes: damagedBytes } })
  }

  #resume(cursor: Cursor) {
    const reached = this.#segments.findIndex((segment) => nameOf(segment) === cursor.file)
    this.#segments.slice(0, Math.max(0, reached)).forEach((segment) => {
      segment.acked = segment.count
    })
    const segment = this.#segments[reached]
    if (segment) segment.acked = Math.max(segment.acked, Math.min(cursor.index, segment.count))
  }

  #write(message: Waiting) {
    const open = this.#segments.at(-1)
    if (this.#fd === null || !open?.isOnDisk || open.bytes >= this.segmentBytes) this.#begin()
    const segment = this.#segments.at(-1) as Segment
    this.#writeText(writeLine({ message }))
    segment.messages?.push(message)
    segment.count++
  }

  #keepInMemory(message: Waiting) {
    const last = this.#segments.at(-1)
    const segment = last && !last.isOnDisk ? last : { ...emptySegment((last?.n ?? 0) + 1), isOnDisk: false }
    if (segment !== last) this.#segments.push(segment)
    segment.messages?.push(message)
    segment.count++
    if (segment.count > mostInMemory && segment.sent === segment.acked) this.#halveInMemory(segment)
  }

  #halveInMemory(segment: Segment) {
    const waiting = (segment.messages ?? []).slice(segment.acked)
    const messages = thin(waiting).slice(-mostInMemory)
    const dropped = samplesIn(waiting) - samplesIn(messages)
    Object.assign(segment, { messages, count: messages.length, sent: 0, acked: 0 })
    this.#news.push({ code: 'samples-thinned', detail: { dropped } })
  }

  /** Appends, or leaves the segment as it was: a torn line would spoil the next one. */
  #writeText(text: string) {
    const segment = this.#segments.at(-1)
    if (this.#fd === null || !segment) return
    const bytes = Buffer.from(text)
    try {
      if (writeSync(this.#fd, bytes) !== bytes.length) throw Object.assign(new Error('short write'), { code: 'ENOSPC' })
      segment.bytes += bytes.length
      this.#syncDue = true
    } catch (error) {
      const torn = this.#fd
      this.#fd = null // the next write begins a segment of its own
      try {
        ftruncateSync(torn, segment.bytes)
      } finally {
        closeSync(torn)
      }
      throw error
    }
  }

  #begin() {
    if (this.#fd !== null) closeSync(this.#fd)
    const segment = emptySegment((this.#segments.at(-1)?.n ?? 0) + 1)
    this.#fd = openSync(this.#path(segment), 'ax', 0o600)
    this.#segments.push(segment)
  }

  #messagesOf(segment: Segment): Waiting[] {
    if (segment.messages) return segment.messages
    for (const other of this.#segments) if (other.isOnDisk && other !== this.#segments.at(-1)) other.messages = null
    const isRead = this.#attempt(() => {
      segment.messages = readSegment(this.#path(segment)).messages
    })
    if (!isRead) {
      this.#news.push({ code: 'outbox-damaged', detail: { bytes: segment.bytes } })
      this.#segments.splice(this.#segments.indexOf(segment), 1)
    }
    return segment.messages ?? []
  }

  #makeRoom() {
    let dropped = 0
    while (this.#bytes() > this.maxBytes && this.#segments.length > 1) {
      const idle = this.#segments.slice(0, -1).filter(({ isOnDisk, sent, acked }) => isOnDisk && sent === acked)
      const finest = Math.min(...idle.map(({ level }) => level))
      const segment = idle.find(({ level }) => level === finest)
      if (!segment) break // all on their way: room comes with the acknowledgements
      dropped += this.#halve(segment)
    }
    if (dropped > 0) this.#news.push({ code: 'samples-thinned', detail: { dropped } })
  }

  /** Replaces a segment by one with half its samples; without any left to halve it goes. Returns how many went. */
  #halve(segment: Segment): number {
    const waiting = this.#messagesOf(segment).slice(segment.acked)
    const kept = thin(waiting)
    const dropped = samplesIn(waiting) - samplesIn(kept)
    if (dropped === 0) {
      this.#remove(segment)
      return samplesIn(waiting)
    }
    const text = kept.map((message) => writeLine({ message })).join('')
    const shape = { level: segment.level + 1, count: kept.length, bytes: Buffer.byteLength(text), messages: null }
    const thinned: Segment = { ...emptySegment(segment.n), ...shape }
    const temporary = `${this.#path(thinned)}.new`
    const fd = openSync(temporary, 'w', 0o600)
    writeSync(fd, text)
    fsyncSync(fd)
    closeSync(fd)
    renameSync(temporary, this.#path(thinned))
    this.#unlink(segment)
    this.#segments[this.#segments.indexOf(segment)] = thinned
    return dropped
  }

  #remove(segment: Segment) {
    if (segment.isOnDisk) this.#unlink(segment)
    this.#segments.splice(this.#segments.indexOf(segment), 1)
  }

  #unlink = (segment: Segment) => unlinkSync(this.#path(segment))
  #bytes = () => this.#segments.reduce((sum, { bytes }) => sum + bytes, 0) // of what is on the disk
  #path = (segment: Pick<Segment, 'n' | 'level'>) => path.join(this.folder, nameOf(segment))

  /** Disks fill up and turn read-only; the agent goes on without, says so once, and notices when it is over. */
  #attempt(work: () => void): boolean {
    try {
      work()
      this.#unwritable = null
      return true
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message
      if (this.#unwritable !== code) this.#news.push({ code: 'outbox-unwritable', detail: { error: code } })
      this.#unwritable = code
      return false
    }
  }
}

const emptySegment = (n: number): Segment => ({
  n,
  level: 0,
  isOnDisk: true,
  bytes: 0,
  count: 0,
  sent: 0,
  acked: 0,
  early: new Set(),
  messages: [],
})

const isDone = (segment: Segment | undefined) => segment !== undefined && segment.acked >= segment.count
const nameOf = ({ n, level }: Pick<Segment, 'n' | 'level'>) => `${String(n).padStart(8, '0')}.${level}.log`

function segmentName(file: string): { n: number; level: number } | null {
  const match = /^(\d{8})\.(\d+)\.log$/.exec(file)
  return match ? { n: Number(match[1]), level: Number(match[2]) } : null
}

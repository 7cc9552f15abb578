import { createHash, randomBytes } from 'node:crypto'
import { type ClipRef, mostClipBytes } from '@tradewind/protocol'

/** All clips together take at most this much memory. */
const mostBytes = 64 * 1024 * 1024
/** A clip that nobody fetched for so long, in milliseconds, is gone. */
const lifeMs = 120_000

type Clip = { deviceId: string; bytes: Buffer<ArrayBuffer>; timer: NodeJS.Timeout }
/** `done` gives the room back, once the bytes are sent. */
export type Fetched = { bytes: Buffer<ArrayBuffer>; done: () => void }

/**
 * What people say to devices, on its way. Invariants:
 * - a clip is in memory and nowhere else, and is gone once it was fetched, withdrawn, or two minutes old;
 * - only the device it is for may fetch it, and only once;
 * - all clips, those that still arrive or are being sent included, keep within `mostBytes`.
 */
export class Clips {
  #waiting = new Map<string, Clip>()
  #bytesHeld = 0

  get bytesHeld() {
    return this.#bytesHeld
  }

  /** Reads a clip for a device, no further than it is allowed to be long. */
  async take(
    deviceId: string,
    body: AsyncIterable<Uint8Array>,
  ): Promise<ClipRef | 'too-large' | 'busy' | 'bad-request'> {
    const parts: Uint8Array[] = []
    let size = 0
    try {
      for await (const part of body) {
        if (size + part.byteLength > mostClipBytes) return this.#release(size, 'too-large')
        if (this.#bytesHeld + part.byteLength > mostBytes) return this.#release(size, 'busy')
        this.#bytesHeld += part.byteLength
        size += part.byteLength
        parts.push(part)
      }
    } catch {
      return this.#release(size, 'bad-request') // whoever sent it is gone
    }
    return size === 0 ? 'bad-request' : this.#keep(deviceId, Buffer.concat(parts))
  }

  #keep(deviceId: string, bytes: Buffer<ArrayBuffer>): ClipRef {
    const path = `/clips/${randomBytes(24).toString('base64url')}`
    const timer = setTimeout(() => this.drop(path), lifeMs)
    timer.unref()
    this.#waiting.set(path, { deviceId, bytes, timer })
    return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  }

  /** The clip, for the device that it is for; null for everybody else and every second time. */
  fetch(path: string, deviceId: string): Fetched | null {
    const clip = this.#waiting.get(path)
    if (clip?.deviceId !== deviceId) return null
    this.#forget(path, clip)
    return { bytes: clip.bytes, done: once(() => this.#release(clip.bytes.length, null)) }
  }

  /** Nobody will fetch it any more. */
  drop(path: string) {
    const clip = this.#waiting.get(path)
    if (!clip) return
    this.#forget(path, clip)
    this.#release(clip.bytes.length, null)
  }

  #forget(path: string, { timer }: Clip) {
    clearTimeout(timer)
    this.#waiting.delete(path)
  }

  #release<T>(bytes: number, result: T): T {
    this.#bytesHeld -= bytes
    return result
  }
}

function once(work: () => void) {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}

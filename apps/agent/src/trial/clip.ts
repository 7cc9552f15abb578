import { createHash } from 'node:crypto'
import type { ClipRef } from '@tradewind/protocol'

/** A clip that is not to be had, or not the one that was announced. */
export class ClipError extends Error {
  override name = 'ClipError'
  constructor(
    readonly code: 'clip-gone' | 'clip-damaged',
    message: string,
  ) {
    super(message)
  }
}

/** Throws `ClipError` unless these are the bytes that were announced. */
export function checkClip({ bytes, sha256 }: ClipRef, { status, body }: { status: number; body: Buffer }): Buffer {
  if (status !== 200) throw new ClipError('clip-gone', `the hub said ${status} when asked for the clip`)
  if (body.length !== bytes) throw new ClipError('clip-damaged', `${body.length} bytes came instead of ${bytes}`)
  if (createHash('sha256').update(body).digest('hex') !== sha256)
    throw new ClipError('clip-damaged', 'what came is not the clip that was announced')
  return body
}

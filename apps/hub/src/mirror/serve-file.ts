import { pipeline } from 'node:stream/promises'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Problem } from '@tradewind/protocol'
import type { Context } from 'hono'
import { problem } from '../http/problem'
import type { Mirror } from './mirror'
import type { Pace } from './pace'
import { type Piece, pieceOf } from './range'
import type { Transfer } from './transfers'

/** Bytes of one transfer in memory at a time. */
const chunkBytes = 64 * 1024
/** A device that takes nothing for this long gives its place back. */
const idleMs = 120_000

type Part = Exclude<Piece, { kind: 'unsatisfiable' }>

/** `GET` and `HEAD /files/<sha256>` of a device that was admitted, by whole or by one range. */
export function fileServer(mirror: Mirror, pace: Pace) {
  return async (c: Context<{ Bindings: HttpBindings }>, deviceId: string): Promise<Response> => {
    const sha256 = c.req.param('sha256') ?? ''
    const opened = /^[0-9a-f]{64}$/.test(sha256) ? await mirror.open(sha256) : { kind: 'unknown' as const }
    if (opened.kind === 'checking') return busy(c, 'The file is being checked.', opened.retryAfterSeconds)
    if (opened.kind !== 'file') {
      const { status, body } = problem(opened.kind === 'unknown' ? 'not-found' : 'not-mirrored')
      return c.json(body, status)
    }
    const { handle, bytes } = opened
    try {
      const etag = `"${sha256}"`
      const piece = pieceOf(c.req.header('range'), c.req.header('if-range'), etag, bytes)
      const headers = { etag, 'accept-ranges': 'bytes' }
      if (piece.kind === 'unsatisfiable') return c.body(null, 416, { ...headers, 'content-range': `bytes */${bytes}` })
      const [status, told] = [piece.kind === 'part' ? 206 : 200, { ...headers, ...tellPart(piece, bytes) }] as const
      if (c.req.method === 'HEAD') return c.body(null, status, told)
      const begun = mirror.transfers.begin(deviceId, piece.to - piece.from)
      if (!begun.ok) return busy(c, 'The mirror serves as many devices as it may at once.', begun.retryAfterSeconds)
      const { outgoing } = c.env
      const gone = new AbortController()
      outgoing.once('close', () => gone.abort())
      outgoing.writeHead(status, told)
      outgoing.setTimeout(idleMs, () => outgoing.destroy())
      const stream = handle.createReadStream({
        autoClose: false,
        start: piece.from,
        end: piece.to - 1,
        highWaterMark: chunkBytes,
      })
      // a device that goes away in the middle comes back for the rest
      await pipeline(stream, paced(pace, begun.transfer, gone.signal), outgoing).catch(() => {})
      begun.transfer.end()
      return RESPONSE_ALREADY_SENT
    } finally {
      await handle.close()
    }
  }
}

const tellPart = ({ kind, from, to }: Part, bytes: number) => ({
  'content-type': 'application/octet-stream',
  'content-length': String(to - from),
  ...(kind === 'part' && { 'content-range': `bytes ${from}-${to - 1}/${bytes}` }),
})

const paced = (pace: Pace, transfer: Transfer, signal: AbortSignal) =>
  async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      await pace.take(chunk.length, signal)
      transfer.sent(chunk.length)
      yield chunk
    }
  }

function busy(c: Context, message: string, retryAfterSeconds: number) {
  const body: Problem = {
    code: 'busy',
    message,
    next: 'Wait as long as Retry-After says.',
    detail: { retryAfterSeconds },
  }
  return c.json(body, 429, { 'retry-after': String(retryAfterSeconds) })
}

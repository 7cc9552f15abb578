import { endpoint } from '../../../../server/endpoint'
import { openEvents } from '../../../../server/hub'
import { openStream } from '../../../../server/open-streams'

/** A stream ends after this long, so that a session that ran out meanwhile is not served for ever. */
const longestMs = 15 * 60_000

/** The hub's events as they come. When the hub goes, the stream ends, and the browser comes back by itself. */
export const GET = endpoint('GET /events', async ({ asker, query, request }) => {
  const signal = openStream(asker.actor, request.signal, longestMs)
  const events = await openEvents(query, signal)
  return new Response(untilItEnds(events), {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
  })
})

/** The same stream, but a connection that breaks is an ordinary end. */
function untilItEnds(source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = source.getReader()
  return new ReadableStream({
    async pull(controller) {
      const chunk = await reader.read().catch(() => ({ done: true as const, value: undefined }))
      if (chunk.done) controller.close()
      else controller.enqueue(chunk.value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

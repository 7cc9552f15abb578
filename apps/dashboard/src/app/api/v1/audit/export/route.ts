import { auditCsv } from '../../../../../audit/audit-csv'
import { endpoint } from '../../../../../server/endpoint'
import { store } from '../../../../../server/store'

/** As it is read, a piece at a time: it may be long, and nobody waits for all of it in memory. */
export const GET = endpoint('GET /audit/export', async ({ query }) => {
  const opened = await store()
  const lines = auditCsv((limit, offset) => opened.listAudit(limit, offset, query))
  return new Response(asStream(lines), {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="audit.csv"',
      'Cache-Control': 'no-store',
    },
  })
})

function asStream(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: async () => void (await lines.return(undefined)),
  })
}

import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'
import { spanOf, tellWork } from '../../../../server/work'

export const GET = endpoint('GET /work', async ({ query }) => {
  const opened = await store()
  const span = spanOf(query)
  return tellWork(opened, span, await opened.workDone(span))
})

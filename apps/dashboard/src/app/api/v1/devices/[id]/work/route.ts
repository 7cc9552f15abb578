import { endpoint } from '../../../../../../server/endpoint'
import { noSuch } from '../../../../../../server/problem'
import { store } from '../../../../../../server/store'
import { spanOf, tellWork } from '../../../../../../server/work'

export const GET = endpoint('GET /devices/{id}/work', async ({ params: { id }, query }) => {
  const opened = await store()
  const span = spanOf(query)
  const work = await opened.workOf(id, span)
  if (!work) throw noSuch('device')
  return tellWork(opened, span, work)
})

import { endpoint } from '../../../../../../server/endpoint'
import { noSuch } from '../../../../../../server/problem'
import { store } from '../../../../../../server/store'

export const GET = endpoint('GET /devices/{id}/assignments', async ({ params: { id }, query: { limit } }) => {
  const opened = await store()
  if (!(await opened.device(id))) throw noSuch('device')
  return { assignments: await opened.assignments(id, limit) }
})

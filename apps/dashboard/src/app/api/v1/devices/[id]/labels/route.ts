import { endpoint } from '../../../../../../server/endpoint'
import { wake } from '../../../../../../server/hub'
import { noSuch } from '../../../../../../server/problem'
import { store } from '../../../../../../server/store'

export const PUT = endpoint('PUT /devices/{id}/labels', async ({ params: { id }, body: { labels }, asker }) => {
  const opened = await store()
  if (!(await opened.setLabels(id, labels, asker.actor))) throw noSuch('device')
  await wake()
  return { labels: await opened.labelsOf(id) }
})

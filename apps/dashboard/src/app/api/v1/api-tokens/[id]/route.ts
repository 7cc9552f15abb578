import { endpoint } from '../../../../../server/endpoint'
import { wake } from '../../../../../server/hub'
import { noSuch } from '../../../../../server/problem'
import { store } from '../../../../../server/store'

export const DELETE = endpoint('DELETE /api-tokens/{id}', async ({ params: { id }, asker }) => {
  if (!(await (await store()).revokeApiToken(id, asker.actor))) throw noSuch('API token')
  await wake()
  return { revoked: true }
})

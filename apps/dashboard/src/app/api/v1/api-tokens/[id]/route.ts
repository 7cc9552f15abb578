import { endpoint } from '../../../../../server/endpoint'
import { wake } from '../../../../../server/hub'
import { endStreams } from '../../../../../server/open-streams'
import { noSuch } from '../../../../../server/problem'
import { store } from '../../../../../server/store'

export const DELETE = endpoint('DELETE /api-tokens/{id}', async ({ params: { id }, asker }) => {
  if (!(await (await store()).revokeApiToken(id, asker.actor))) throw noSuch('API token')
  endStreams((actor) => actor.startsWith('api:')) // which of them was this one's is not known: the others come back
  await wake()
  return { revoked: true }
})

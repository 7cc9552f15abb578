import { endpoint } from '../../../../../../server/endpoint'
import { store } from '../../../../../../server/store'

export const GET = endpoint('GET /devices/{id}/events', async ({ params: { id } }) => ({
  events: await (await store()).listEvents(id),
}))

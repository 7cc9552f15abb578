import { endpoint } from '../../../../../server/endpoint'
import { store } from '../../../../../server/store'

export const GET = endpoint('GET /devices/table', async ({ query: { ids } }) => ({
  devices: await (await store()).fleetRows(ids?.split(',')),
}))

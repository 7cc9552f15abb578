import { endpoint } from '../../../../../../server/endpoint'
import { modelDevices } from '../../../../../../server/fleet-models'
import { store } from '../../../../../../server/store'

export const GET = endpoint('GET /models/{variant}/devices', async ({ params, query }) =>
  modelDevices(await store(), params.variant, query),
)

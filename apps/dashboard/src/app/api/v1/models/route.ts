import { endpoint } from '../../../../server/endpoint'
import { recentFleetModels } from '../../../../server/fleet-models'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /models', async ({ query }) => recentFleetModels(await store(), query.context))

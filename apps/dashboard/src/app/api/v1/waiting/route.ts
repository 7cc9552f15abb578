import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /waiting', async () => (await store()).waiting(Date.now()))

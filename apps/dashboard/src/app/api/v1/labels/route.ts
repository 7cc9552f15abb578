import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /labels', async () => ({ labels: await (await store()).labelsInUse() }))

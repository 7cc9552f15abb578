import { readAttention } from '../../../../server/attention'
import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /attention', async () => readAttention(await store(), Date.now()))

import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /rollouts', async ({ query: { limit } }) => ({
  rollouts: await (await store()).rollouts(limit),
}))

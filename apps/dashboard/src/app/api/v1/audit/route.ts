import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /audit', async ({ query: { limit, offset, ...filter } }) => ({
  audit: await (await store()).listAudit(limit, offset, filter),
}))

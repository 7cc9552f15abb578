import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint({
  deed: 'read',
  run: async () => ({ audit: await (await store()).listAudit() }),
})

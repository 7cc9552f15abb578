import { z } from 'zod'
import { endpoint } from '../../../../server/endpoint'
import { part } from '../../../../server/part'
import { store } from '../../../../server/store'

export const GET = endpoint({
  deed: 'read',
  query: z.object(part(200)),
  run: async ({ query: { limit, offset } }) => ({ audit: await (await store()).listAudit(limit, offset) }),
})

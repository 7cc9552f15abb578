import { roles } from '@tradewind/store'
import { z } from 'zod'
import { endpoint } from '../../../../server/endpoint'
import { wake } from '../../../../server/hub'
import { store } from '../../../../server/store'

export const GET = endpoint({
  deed: 'manage-api-tokens',
  run: async () => ({ tokens: await (await store()).listApiTokens() }),
})

export const POST = endpoint({
  deed: 'manage-api-tokens',
  body: z.object({ name: z.string().trim().min(1).max(80), role: z.enum(roles) }),
  run: async ({ body, asker }) => {
    const token = await (await store()).createApiToken({ ...body, actor: asker.actor })
    await wake()
    return token
  },
})

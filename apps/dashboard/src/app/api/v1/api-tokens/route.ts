import { endpoint } from '../../../../server/endpoint'
import { wake } from '../../../../server/hub'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /api-tokens', async () => ({ tokens: await (await store()).listApiTokens() }))

export const POST = endpoint('POST /api-tokens', async ({ body, asker }) => {
  const token = await (await store()).createApiToken({ ...body, actor: asker.actor })
  await wake()
  return token
})

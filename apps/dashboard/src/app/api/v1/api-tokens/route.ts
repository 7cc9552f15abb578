import { mayGive } from '../../../../people/permission'
import { endpoint } from '../../../../server/endpoint'
import { wake } from '../../../../server/hub'
import { ProblemError } from '../../../../server/problem'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /api-tokens', async () => ({ tokens: await (await store()).listApiTokens() }))

export const POST = endpoint('POST /api-tokens', async ({ body, asker }) => {
  if (!mayGive(asker, body))
    throw new ProblemError('forbidden', 'You may not do all that this token could.', 'Give it less.')
  const token = await (await store()).createApiToken({ ...body, actor: asker.actor })
  await wake()
  return token
})

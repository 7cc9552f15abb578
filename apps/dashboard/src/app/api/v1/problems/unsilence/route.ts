import { endpoint } from '../../../../../server/endpoint'
import { wake } from '../../../../../server/hub'
import { store } from '../../../../../server/store'

export const POST = endpoint('POST /problems/unsilence', async ({ body: { ids }, asker }) => {
  const unsilenced = await (await store()).silenceProblems(ids, null, null, asker.actor)
  await wake()
  return { unsilenced }
})

import { endpoint } from '../../../../../server/endpoint'
import { wake } from '../../../../../server/hub'
import { store } from '../../../../../server/store'

export const POST = endpoint('POST /problems/acknowledge', async ({ body: { ids, note }, asker }) => {
  const acknowledged = await (await store()).acknowledgeProblems(ids, note || null, asker.actor)
  await wake()
  return { acknowledged }
})

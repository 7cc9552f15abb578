import { endpoint } from '../../../../../server/endpoint'
import { noSuch } from '../../../../../server/problem'
import { store } from '../../../../../server/store'

export const GET = endpoint('GET /rollouts/{id}', async ({ params: { id } }) => {
  const rollout = await (await store()).rollout(id)
  if (!rollout) throw noSuch('rollout')
  return rollout
})

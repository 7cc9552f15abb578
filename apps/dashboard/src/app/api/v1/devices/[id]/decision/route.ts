import { decisionFor } from '../../../../../../server/decision'
import { endpoint } from '../../../../../../server/endpoint'
import { noSuch } from '../../../../../../server/problem'
import { store } from '../../../../../../server/store'

export const GET = endpoint('GET /devices/{id}/decision', async ({ params: { id }, query: { context } }) => {
  const decided = await decisionFor(await store(), id, context)
  if (!decided) throw noSuch('device that has reported')
  return { ...decided, outcome: decided.decision?.outcome ?? null, words: decided.panel?.words ?? null }
})

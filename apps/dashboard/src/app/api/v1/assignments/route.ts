import { endpoint } from '../../../../server/endpoint'
import { assign } from '../../../../server/orders'
import { idsOf } from '../../../../server/preview'
import { store } from '../../../../server/store'

export const POST = endpoint('POST /assignments', async ({ body, asker: { actor } }) => {
  const { workload = null, build = null, plan } = body
  return assign({ deviceIds: await idsOf(await store(), body), workload, build, plan, actor })
})

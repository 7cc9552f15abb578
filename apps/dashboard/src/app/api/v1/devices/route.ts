import { deviceQuery } from '../../../../server/device-query'
import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /devices', async ({ query: { offset, limit, ...chosen } }) => {
  const opened = await store()
  return opened.pageOfDevices({ ...(await deviceQuery(opened, chosen)), offset, limit })
})

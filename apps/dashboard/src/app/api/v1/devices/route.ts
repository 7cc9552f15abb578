import type { DeviceOrder } from '@tradewind/store'
import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint(
  'GET /devices',
  async ({ query: { q, presence = null, sync = null, revoked, sort, offset, limit } }) => {
    const order = { by: sort.replace(/^-/, '') as DeviceOrder, descending: sort.startsWith('-') }
    return (await store()).pageOfDevices({ text: q, presence, sync, revoked, order, offset, limit })
  },
)

import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint({
  deed: 'read',
  run: async () => ({ devices: await (await store()).listDevices() }),
})

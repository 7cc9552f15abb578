import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint({
  deed: 'read',
  run: async () => ({ parked: await (await store()).listParked() }),
})

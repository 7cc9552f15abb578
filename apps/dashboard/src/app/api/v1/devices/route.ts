import { syncStates } from '@tradewind/fleet'
import { type DeviceOrder, deviceOrders } from '@tradewind/store'
import { z } from 'zod'
import { shownPresences } from '../../../../fleet/filters'
import { endpoint } from '../../../../server/endpoint'
import { part } from '../../../../server/part'
import { store } from '../../../../server/store'

const orders = deviceOrders.flatMap((by) => [by, `-${by}` as const])

/** `q`: words that must all occur. `sort`: an order, with a minus the other way round. */
const Query = z.object({
  ...part(),
  q: z.string().max(200).default(''),
  presence: z.enum(shownPresences).optional(),
  sync: z.enum(syncStates).optional(),
  revoked: z.enum(['without', 'only', 'with']).default('without'),
  sort: z.enum(orders).default('attention'),
})

export const GET = endpoint({
  deed: 'read',
  query: Query,
  run: async ({ query: { q, presence = null, sync = null, revoked, sort, offset, limit } }) => {
    const order = { by: sort.replace(/^-/, '') as DeviceOrder, descending: sort.startsWith('-') }
    return (await store()).pageOfDevices({ text: q, presence, sync, revoked, order, offset, limit })
  },
})

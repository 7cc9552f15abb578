import { z } from 'zod'
import { endpoint } from '../../../../server/endpoint'
import { part } from '../../../../server/part'
import { store } from '../../../../server/store'

/** Who waits for a decision, or with `refused=only` who was refused. */
export const GET = endpoint({
  deed: 'read',
  query: z.object({ ...part(200), refused: z.enum(['without', 'only']).default('without') }),
  run: async ({ query: { refused, offset, limit } }) =>
    (await store()).pageOfParked({ refused: refused === 'only', offset, limit }),
})

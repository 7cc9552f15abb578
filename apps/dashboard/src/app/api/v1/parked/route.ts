import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

/** Who waits for a decision, or with `refused=only` who was refused. */
export const GET = endpoint('GET /parked', async ({ query: { refused, offset, limit } }) =>
  (await store()).pageOfParked({ refused: refused === 'only', offset, limit }),
)

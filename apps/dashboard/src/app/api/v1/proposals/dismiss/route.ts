import { endpoint } from '../../../../../server/endpoint'
import { dismissProposals } from '../../../../../server/orders'

export const POST = endpoint('POST /proposals/dismiss', ({ body: { devices }, asker }) =>
  dismissProposals(devices, asker.actor),
)

import { endpoint } from '../../../../../server/endpoint'
import { acceptProposals } from '../../../../../server/orders'

export const POST = endpoint('POST /proposals/accept', ({ body: { devices, plan }, asker }) =>
  acceptProposals(devices, plan, asker.actor),
)

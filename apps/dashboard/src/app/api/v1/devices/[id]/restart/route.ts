import { endpoint } from '../../../../../../server/endpoint'
import { restart } from '../../../../../../server/orders'

export const POST = endpoint('POST /devices/{id}/restart', ({ params: { id }, asker }) => restart([id], asker.actor))

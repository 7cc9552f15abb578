import { endpoint } from '../../../../../server/endpoint'
import { restart } from '../../../../../server/orders'

export const POST = endpoint('POST /devices/restart', ({ body: { devices }, asker }) => restart(devices, asker.actor))

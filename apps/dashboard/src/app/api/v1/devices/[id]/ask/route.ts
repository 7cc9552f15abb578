import { endpoint } from '../../../../../../server/endpoint'
import { ask } from '../../../../../../server/hub'

export const POST = endpoint('POST /devices/{id}/ask', ({ params: { id }, body }) => ask(id, body.question))

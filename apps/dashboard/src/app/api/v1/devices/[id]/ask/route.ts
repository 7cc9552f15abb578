import { Ask } from '@tradewind/protocol'
import { endpoint } from '../../../../../../server/endpoint'
import { ask } from '../../../../../../server/hub'

export const POST = endpoint({
  deed: 'ask-device',
  body: Ask,
  run: ({ params: { id = '' }, body }) => ask(id, body.question),
})

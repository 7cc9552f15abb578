import { endpoint } from '../../../../../../server/endpoint'
import { inviteAgain } from '../../../../../../server/people'

export const POST = endpoint('POST /people/{id}/link', ({ params, asker }) => inviteAgain(params.id, asker))

import { endpoint } from '../../../../../server/endpoint'
import { giveRole, remove } from '../../../../../server/people'

export const PATCH = endpoint('PATCH /people/{id}', ({ params, body, asker }) => giveRole(params.id, body.role, asker))

export const DELETE = endpoint('DELETE /people/{id}', ({ params, asker }) => remove(params.id, asker))

import { endpoint } from '../../../../../server/endpoint'
import { deleteSmokeClip } from '../../../../../server/smoke-clips'

export const DELETE = endpoint('DELETE /clips/{id}', ({ params: { id }, asker }) => deleteSmokeClip(id, asker.actor))

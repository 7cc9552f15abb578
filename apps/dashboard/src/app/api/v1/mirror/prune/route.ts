import { endpoint } from '../../../../../server/endpoint'
import { pruneMirror } from '../../../../../server/hub'

export const POST = endpoint('POST /mirror/prune', ({ asker }) => pruneMirror({ actor: asker.actor }))

import { endpoint } from '../../../../../server/endpoint'
import { pruneMirror } from '../../../../../server/hub'

export const POST = endpoint({ deed: 'manage-mirror', run: ({ asker }) => pruneMirror({ actor: asker.actor }) })

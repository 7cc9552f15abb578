import { z } from 'zod'
import { endpoint } from '../../../../server/endpoint'
import { addToMirror, readMirror } from '../../../../server/hub'

export const GET = endpoint({ deed: 'read', run: readMirror })

export const POST = endpoint({
  deed: 'manage-mirror',
  body: z.object({ build: z.string().min(1).max(60), resolveOnly: z.boolean().default(false) }),
  run: ({ body, asker }) => addToMirror({ ...body, actor: asker.actor }),
})

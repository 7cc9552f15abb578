import { endpoint } from '../../../../server/endpoint'
import { addToMirror, readMirror } from '../../../../server/hub'

export const GET = endpoint('GET /mirror', readMirror)

export const POST = endpoint('POST /mirror', ({ body, asker }) => addToMirror({ ...body, actor: asker.actor }))

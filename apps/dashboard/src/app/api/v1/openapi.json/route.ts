import { version } from '../../../../../package.json'
import { endpoint } from '../../../../server/endpoint'
import { openApi } from '../../../../server/openapi'

export const GET = endpoint('GET /openapi.json', async () => Response.json(openApi(version)))

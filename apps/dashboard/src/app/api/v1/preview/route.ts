import { endpoint } from '../../../../server/endpoint'
import { previewOf } from '../../../../server/preview'
import { store } from '../../../../server/store'

export const POST = endpoint('POST /preview', async ({ body }) => previewOf(await store(), body))

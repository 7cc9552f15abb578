import { endpoint } from '../../../../server/endpoint'
import { invite } from '../../../../server/people'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /people', async () => ({ people: await (await store()).listPeople() }))

export const POST = endpoint('POST /people', ({ body, asker }) => invite(body, asker))

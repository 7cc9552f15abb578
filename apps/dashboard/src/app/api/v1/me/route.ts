import { endpoint } from '../../../../server/endpoint'

export const GET = endpoint('GET /me', async ({ asker: { name, email, role } }) => ({ name, email, role }))

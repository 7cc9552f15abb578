import { endpoint } from '../../../../server/endpoint'

export const GET = endpoint({
  deed: 'read',
  run: async ({ asker: { name, email, role } }) => ({ name, email, role }),
})

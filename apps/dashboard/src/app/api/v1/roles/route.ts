import { roles } from '@tradewind/store/model'
import { deeds, may } from '../../../../people/permission'
import { endpoint } from '../../../../server/endpoint'

export const GET = endpoint('GET /roles', async () => ({
  roles: roles.map((role) => ({ role, deeds: deeds.filter((deed) => may(role, deed)) })),
}))

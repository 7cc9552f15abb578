import { endpoint } from '../../../../../../server/endpoint'
import { store } from '../../../../../../server/store'

const hourMs = 3_600_000

export const GET = endpoint('GET /devices/{id}/samples', async ({ params: { id }, query }) => ({
  samples: await (await store()).samplesOf(id, query.sinceMs ?? Date.now() - hourMs),
}))

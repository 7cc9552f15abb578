import { endpoint } from '../../../../server/endpoint'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /retention', async () => (await store()).retention())

export const PATCH = endpoint('PATCH /retention', async ({ body, asker }) => {
  const opened = await store()
  await opened.chooseRetention(body, asker.actor)
  return opened.retention()
})

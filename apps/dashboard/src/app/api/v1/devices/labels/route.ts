import { endpoint } from '../../../../../server/endpoint'
import { wake } from '../../../../../server/hub'
import { store } from '../../../../../server/store'

export const POST = endpoint('POST /devices/labels', async ({ body: { devices, ...change }, asker }) => {
  const changed = await (await store()).changeLabels(devices, change, asker.actor)
  await wake()
  return { changed }
})

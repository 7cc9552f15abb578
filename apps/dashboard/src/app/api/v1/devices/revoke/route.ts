import { endpoint } from '../../../../../server/endpoint'
import { wake } from '../../../../../server/hub'
import { store } from '../../../../../server/store'

export const POST = endpoint('POST /devices/revoke', async ({ body: { devices }, asker }) => {
  const revoked = await (await store()).revokeDevices(devices, asker.actor)
  await wake()
  return { revoked }
})

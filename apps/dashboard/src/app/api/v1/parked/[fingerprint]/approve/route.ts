import { endpoint } from '../../../../../../server/endpoint'
import { wake } from '../../../../../../server/hub'
import { noSuch } from '../../../../../../server/problem'
import { store } from '../../../../../../server/store'

export const POST = endpoint('POST /parked/{fingerprint}/approve', async ({ params: { fingerprint }, asker }) => {
  const deviceId = await (await store()).approveParked(fingerprint, asker.actor)
  if (!deviceId) throw noSuch('waiting device')
  await wake()
  return { deviceId }
})

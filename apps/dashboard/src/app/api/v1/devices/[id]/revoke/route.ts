import { endpoint } from '../../../../../../server/endpoint'
import { wake } from '../../../../../../server/hub'
import { noSuch, ProblemError } from '../../../../../../server/problem'
import { store } from '../../../../../../server/store'

export const POST = endpoint('POST /devices/{id}/revoke', async ({ params: { id }, asker }) => {
  const opened = await store()
  if (!(await opened.revokeDevice(id, asker.actor))) {
    if (!(await opened.device(id))) throw noSuch('device')
    throw new ProblemError('conflict', 'This device was revoked before.', 'To let it back in, enrol it as a new one.')
  }
  await wake()
  return { revoked: true }
})

import { endpoint } from '../../../../../../server/endpoint'
import { wake } from '../../../../../../server/hub'
import { noSuch } from '../../../../../../server/problem'
import { store } from '../../../../../../server/store'

export const POST = endpoint('POST /parked/{fingerprint}/refuse', async ({ params: { fingerprint }, asker }) => {
  if (!(await (await store()).refuseParked(fingerprint, asker.actor))) throw noSuch('waiting device')
  await wake()
  return { refused: true }
})

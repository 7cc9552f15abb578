import { endpoint } from '../../../../../server/endpoint'
import { wake } from '../../../../../server/hub'
import { noSuch } from '../../../../../server/problem'
import { store } from '../../../../../server/store'

async function deviceOf(id = '') {
  const device = await (await store()).device(id)
  if (!device) throw noSuch('device')
  return device
}

export const GET = endpoint('GET /devices/{id}', ({ params }) => deviceOf(params.id))

export const PATCH = endpoint('PATCH /devices/{id}', async ({ params: { id }, body, asker }) => {
  if (!(await (await store()).renameDevice(id, body.name, asker.actor))) throw noSuch('device')
  await wake()
  return deviceOf(id)
})

import { z } from 'zod'
import { endpoint } from '../../../../../server/endpoint'
import { wake } from '../../../../../server/hub'
import { noSuch } from '../../../../../server/problem'
import { store } from '../../../../../server/store'

async function deviceOf(id = '') {
  const device = await (await store()).device(id)
  if (!device) throw noSuch('device')
  return device
}

export const GET = endpoint({ deed: 'read', run: ({ params }) => deviceOf(params.id) })

export const PATCH = endpoint({
  deed: 'rename-device',
  body: z.object({ name: z.string().trim().min(1, 'A name has at least one sign').max(63, 'at most 63 signs') }),
  run: async ({ params: { id = '' }, body, asker }) => {
    if (!(await (await store()).renameDevice(id, body.name, asker.actor))) throw noSuch('device')
    await wake()
    return deviceOf(id)
  },
})

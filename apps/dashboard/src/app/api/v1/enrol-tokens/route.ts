import { z } from 'zod'
import { endpoint } from '../../../../server/endpoint'
import { wake } from '../../../../server/hub'
import { part } from '../../../../server/part'
import { store } from '../../../../server/store'

const hourMs = 3_600_000

export const GET = endpoint({
  deed: 'read',
  query: z.object(part(500)),
  run: async ({ query: { limit, offset } }) => ({ tokens: await (await store()).listEnrolTokens(limit, offset) }),
})

export const POST = endpoint({
  deed: 'create-enrol-token',
  body: z.object({
    note: z.string().trim().max(200).default(''),
    lifeHours: z.number().min(1).max(720).default(24),
    forDevice: z.string().optional(),
  }),
  run: async ({ body: { note, lifeHours, forDevice }, asker }) => {
    const ask = { note, lifeMs: lifeHours * hourMs, forDevice, actor: asker.actor }
    const token = await (await store()).createEnrolToken(ask)
    await wake()
    return token
  },
})

import { endpoint } from '../../../../server/endpoint'
import { wake } from '../../../../server/hub'
import { store } from '../../../../server/store'

const hourMs = 3_600_000

export const GET = endpoint('GET /enrol-tokens', async ({ query: { limit, offset } }) => ({
  tokens: await (await store()).listEnrolTokens(limit, offset),
}))

export const POST = endpoint('POST /enrol-tokens', async ({ body: { note, lifeHours, forDevice }, asker }) => {
  const ask = { note, lifeMs: lifeHours * hourMs, forDevice, actor: asker.actor }
  const token = await (await store()).createEnrolToken(ask)
  await wake()
  return token
})

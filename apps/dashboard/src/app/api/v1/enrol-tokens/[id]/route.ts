import { endpoint } from '../../../../../server/endpoint'
import { wake } from '../../../../../server/hub'
import { ProblemError } from '../../../../../server/problem'
import { store } from '../../../../../server/store'

export const DELETE = endpoint('DELETE /enrol-tokens/{id}', async ({ params: { id }, asker }) => {
  if (!(await (await store()).revokeEnrolToken(id, asker.actor)))
    throw new ProblemError('conflict', 'This token can no longer be used anyway.', 'There is nothing to revoke.')
  await wake()
  return { revoked: true }
})

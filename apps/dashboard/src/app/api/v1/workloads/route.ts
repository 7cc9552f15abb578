import { endpoint } from '../../../../server/endpoint'
import { wake } from '../../../../server/hub'
import { noSuch, ProblemError } from '../../../../server/problem'
import { store } from '../../../../server/store'

export const GET = endpoint('GET /workloads', async () => ({ workloads: await (await store()).workloads() }))

export const POST = endpoint('POST /workloads', async ({ body, asker }) => {
  const opened = await store()
  const { plan, ...workload } = body
  const outcome = await opened.createWorkload(workload, asker.actor, plan)
  if (!outcome.ok)
    throw new ProblemError(
      'conflict',
      `There is a workload ${body.id} already.`,
      'Change that one, or choose another id.',
    )
  await wake()
  const made = await opened.workload(body.id)
  if (!made) throw noSuch('workload')
  return made
})

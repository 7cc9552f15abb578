import { endpoint } from '../../../../../server/endpoint'
import { wake } from '../../../../../server/hub'
import { noSuch, ProblemError } from '../../../../../server/problem'
import { store } from '../../../../../server/store'

async function workloadOf(id: string) {
  const row = await (await store()).workload(id)
  if (!row) throw noSuch('workload')
  return row
}

export const GET = endpoint('GET /workloads/{id}', ({ params: { id } }) => workloadOf(id))

export const PUT = endpoint('PUT /workloads/{id}', async ({ params: { id }, body: { workload, plan }, asker }) => {
  if (workload.id !== id)
    throw new ProblemError('bad-request', `The workload says that it is ${workload.id}.`, 'An id does not change.')
  const outcome = await (await store()).changeWorkload(workload, plan, asker.actor)
  if (!outcome.ok) throw noSuch('workload')
  await wake()
  return workloadOf(id)
})

export const DELETE = endpoint('DELETE /workloads/{id}', async ({ params: { id }, asker }) => {
  if (!(await (await store()).deleteWorkload(id, asker.actor))) throw noSuch('workload')
  await wake()
  return { deleted: true }
})

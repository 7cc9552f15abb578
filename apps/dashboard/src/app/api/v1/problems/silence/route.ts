import { endpoint } from '../../../../../server/endpoint'
import { wake } from '../../../../../server/hub'
import { ProblemError } from '../../../../../server/problem'
import { store } from '../../../../../server/store'

const yearMs = 366 * 86_400_000

export const POST = endpoint('POST /problems/silence', async ({ body: { ids, untilMs, note }, asker }) => {
  const aheadMs = untilMs - Date.now()
  if (aheadMs <= 0 || aheadMs > yearMs)
    throw new ProblemError(
      'bad-request',
      'A silence ends within a year, and not before now.',
      'Give another `untilMs`.',
    )
  const silenced = await (await store()).silenceProblems(ids, untilMs, note || null, asker.actor)
  await wake()
  return { silenced }
})

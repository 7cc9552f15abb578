import { rolloutActs } from '@tradewind/protocol'
import { endpoint } from '../../../../../../server/endpoint'
import { steerRollout } from '../../../../../../server/orders'
import { ProblemError } from '../../../../../../server/problem'

export const POST = endpoint('POST /rollouts/{id}/{act}', ({ params, asker }) => {
  const act = rolloutActs.find((one) => one === params.act)
  if (!act) throw new ProblemError('not-found', `A rollout cannot ${params.act}.`, `It can ${rolloutActs.join(', ')}.`)
  return steerRollout(params.id, act, asker.actor)
})

import { realTimeFactorOf, tokensPerSecondOf } from '@tradewind/fleet'
import type { Store, WorkDone, WorkSpan } from '@tradewind/store'

const dayMs = 86_400_000

export function spanOf({ fromMs, toMs = Date.now() }: Partial<WorkSpan>): WorkSpan {
  return { fromMs: fromMs ?? Math.max(0, toMs - dayMs), toMs }
}

/** As the API tells of it. */
export const tellWork = async (store: Pick<Store, 'workKnownSince'>, span: WorkSpan, work: WorkDone) => ({
  ...span,
  knownSinceMs: await store.workKnownSince(),
  work,
  realTimeFactor: realTimeFactorOf(work),
  tokensPerSecond: tokensPerSecondOf(work),
})

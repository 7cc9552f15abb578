import { explainFleetProblem, explainProblem, meaningOf } from '@tradewind/fleet'
import type { ProblemRow, Store } from '@tradewind/store'
import type { ReplyOf } from './operations/table'

export type Attention = ReplyOf<'GET /attention'>

export const inWords = (problem: ProblemRow) => ({ ...problem, ...explainProblem(problem) })

/** What needs a person and is not wrong with one device, with its words. */
export const readFleetProblems = async (store: Store): Promise<Attention['fleet']> =>
  (await store.fleetProblems()).map((problem) => ({ ...problem, ...explainFleetProblem(problem) }))

/** What needs a person at `nowMs`, with its words. */
export async function readAttention(store: Store, nowMs: number): Promise<Attention> {
  const [{ groups, ...known }, fleet] = await Promise.all([store.problemGroups(nowMs), readFleetProblems(store)])
  return {
    ...known,
    groups: groups.map((group) => ({ ...group, ...meaningOf(group.code), first: group.first.map(inWords) })),
    fleet,
  }
}

import type { Metadata } from 'next'
import { RolloutList } from '../../../rollouts/rollout-list'
import { requirePerson } from '../../../server/person'
import { store } from '../../../server/store'

export const metadata: Metadata = { title: 'Rollouts' }

/** The newest; older ones are in the audit. */
const most = 100

export default async function Rollouts() {
  await requirePerson()
  return <RolloutList rollouts={await (await store()).rollouts(most)} />
}

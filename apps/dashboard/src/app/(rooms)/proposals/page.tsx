import type { Metadata } from 'next'
import { ProposalsRoom } from '../../../proposals/proposals-room'
import { requirePerson } from '../../../server/person'
import { store } from '../../../server/store'
import { explainUnplaced } from '../../../server/unplaced'

export const metadata: Metadata = { title: 'Proposals' }

export default async function Proposals() {
  const { role } = await requirePerson()
  const opened = await store()
  const [proposals, unplaced] = await Promise.all([opened.proposals(), opened.placementTrouble()])
  return <ProposalsRoom proposals={proposals} unplaced={unplaced.map(explainUnplaced)} role={role} />
}

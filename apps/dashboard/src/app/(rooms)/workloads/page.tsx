import type { Metadata } from 'next'
import { requirePerson } from '../../../server/person'
import { type Query, searchParams } from '../../../server/search-params'
import { store } from '../../../server/store'
import { explainUnplaced } from '../../../server/unplaced'
import { concerns, shapeWorkloads } from '../../../workloads/shape-workloads'
import { WorkloadsRoom } from '../../../workloads/workloads-room'

export const metadata: Metadata = { title: 'Workloads' }

/** Troubles that are written out, over all workloads; all are counted. */
const mostTroubles = 300

export default async function Workloads({ searchParams: query }: { searchParams: Promise<Query> }) {
  const { role } = await requirePerson()
  const opened = await store()
  const [workloads, holds, proposals, unplaced, rollouts] = await Promise.all([
    opened.workloads(),
    opened.workloadHolds(),
    opened.proposals(),
    opened.placementTrouble(),
    opened.rollouts(),
  ])
  const ids = workloads.map(({ id }) => id)
  return (
    <WorkloadsRoom
      workloads={shapeWorkloads({ workloads, holds, proposals, unplaced, rollouts })}
      unplaced={unplaced
        .slice(0, mostTroubles)
        .map((one) => ({ ...explainUnplaced(one), of: ids.filter((id) => concerns(one, id)) }))}
      open={searchParams(await query).get('open')}
      role={role}
    />
  )
}

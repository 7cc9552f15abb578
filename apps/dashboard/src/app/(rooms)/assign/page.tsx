import { isResolved } from '@tradewind/fleet'
import type { Metadata } from 'next'
import { AssignRoom } from '../../../assign/assign-room'
import { listOf } from '../../../assign/choice'
import { requirePerson } from '../../../server/person'
import { type Query, searchParams } from '../../../server/search-params'
import { store } from '../../../server/store'

export const metadata: Metadata = { title: 'Assign' }

/** More names than the page shows need not be read. */
const mostNames = 100

export default async function Assign({ searchParams: given }: { searchParams: Promise<Query> }) {
  const { role } = await requirePerson()
  const query = searchParams(await given)
  const opened = await store()
  const [workloads, catalogue, labels] = await Promise.all([
    opened.workloads(),
    opened.catalogue(),
    opened.labelsInUse(),
  ])
  const variants = new Map(catalogue.variants.map(({ id, name }) => [id, name]))
  const names = await opened.namesOf(listOf(query.get('devices') ?? '').slice(0, mostNames))
  return (
    <AssignRoom
      query={query.toString()}
      workloads={workloads.map(({ id, version, workload }) => ({ id, version, workload }))}
      builds={catalogue.builds.map(({ id, variant, files }) => ({
        id,
        name: `${variants.get(variant) ?? variant} (${id})`,
        resolved: files.every(isResolved),
      }))}
      labels={labels}
      names={[...names]}
      role={role}
    />
  )
}

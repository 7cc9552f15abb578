import type { Metadata } from 'next'
import { OverviewRoom } from '../../../overview/overview-room'
import { readOverview } from '../../../overview/read-overview'
import { requirePerson } from '../../../server/person'
import { store } from '../../../server/store'

export const metadata: Metadata = { title: 'Overview' }

export default async function OverviewPage() {
  const { role } = await requirePerson()
  return <OverviewRoom overview={await readOverview(await store(), Date.now())} role={role} />
}

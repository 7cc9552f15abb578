import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { readMemberFilter } from '../../../../rollouts/member-filter'
import { RolloutRoom } from '../../../../rollouts/rollout-room'
import { shapeRollout } from '../../../../rollouts/shape-rollout'
import { requirePerson } from '../../../../server/person'
import { type Query, searchParams } from '../../../../server/search-params'
import { store } from '../../../../server/store'

export const metadata: Metadata = { title: 'Rollout' }

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Query> }

export default async function Rollout({ params, searchParams: query }: Props) {
  const { role } = await requirePerson()
  const filter = readMemberFilter(searchParams(await query))
  const rollout = await (await store()).rollout((await params).id)
  if (!rollout) notFound()
  return <RolloutRoom rollout={shapeRollout(rollout, filter)} filter={filter} role={role} />
}

import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { isFiltered, noFilters, queryOf, readFilters, waitingPerPage, writeFilters } from '../../../fleet/filters'
import { FleetRoom } from '../../../fleet/fleet-room'
import { requirePerson } from '../../../server/person'
import { type Query, searchParams } from '../../../server/search-params'
import { store } from '../../../server/store'

export const metadata: Metadata = { title: 'Devices' }

/** Draws the first devices; the browser then reads all, and filters and sorts by itself. */
export default async function Devices({ searchParams: query }: { searchParams: Promise<Query> }) {
  const { role } = await requirePerson()
  const filters = readFilters(searchParams(await query))
  const opened = await store()
  const { builds, variants } = await opened.catalogue()
  const wanted = filters.variant && builds.flatMap(({ id, variant }) => (variant === filters.variant ? [id] : []))
  const first = await opened.pageOfDevices(queryOf(filters, wanted || undefined))
  const offset = (filters.waitingPage - 1) * waitingPerPage
  const waiting = await opened.pageOfParked({ refused: false, offset, limit: waitingPerPage })
  const lastWaiting = Math.ceil(waiting.total / waitingPerPage) || 1
  // The list has grown shorter: an address that pointed behind its end leads to it.
  if (lastWaiting < filters.waitingPage) redirect(`/devices${writeFilters({ ...filters, waitingPage: lastWaiting })}`)
  const isNew = first.total === 0 && !isFiltered(filters) && !(await hasDevices())
  const models = {
    variantOf: builds.map(({ id, variant }): [string, string] => [id, variant]),
    names: variants.map(({ id, name }): [string, string] => [id, name]),
  }
  return <FleetRoom first={first} filters={filters} models={models} isNew={isNew} waiting={waiting} role={role} />
}

const hasDevices = async () =>
  (await (await store()).pageOfDevices({ ...queryOf(noFilters), revoked: 'with', limit: 1 })).total > 0

import type { Store } from '@tradewind/store'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import {
  devicesPerPage,
  type Filters,
  isFiltered,
  noFilters,
  queryOf,
  readFilters,
  waitingPerPage,
  writeFilters,
} from '../../../fleet/filters'
import { FleetRoom } from '../../../fleet/fleet-room'
import { requirePerson } from '../../../server/person'
import { type Query, searchParams } from '../../../server/search-params'
import { store } from '../../../server/store'

export const metadata: Metadata = { title: 'Devices' }

export default async function Devices({ searchParams: query }: { searchParams: Promise<Query> }) {
  const { role } = await requirePerson()
  const filters = readFilters(searchParams(await query))
  const opened = await store()
  const found = await opened.pageOfDevices(queryOf(filters))
  const offset = (filters.waitingPage - 1) * waitingPerPage
  const waiting = await opened.pageOfParked({ refused: false, offset, limit: waitingPerPage })
  const last = lastPages(filters, found.total, waiting.total)
  if (last.page < filters.page || last.waitingPage < filters.waitingPage) redirect(`/devices${writeFilters(last)}`)
  const isNew = found.total === 0 && !isFiltered(filters) && !(await hasDevices(opened))
  return <FleetRoom found={found} filters={filters} isNew={isNew} waiting={waiting} role={role} />
}

/** Lists grow shorter: an address that pointed behind their end leads to it. */
const lastPages = (filters: Filters, devices: number, waiting: number): Filters => ({
  ...filters,
  page: Math.min(filters.page, Math.ceil(devices / devicesPerPage) || 1),
  waitingPage: Math.min(filters.waitingPage, Math.ceil(waiting / waitingPerPage) || 1),
})

const hasDevices = async (opened: Store) =>
  (await opened.pageOfDevices({ ...queryOf(noFilters), revoked: 'with', limit: 1 })).total > 0

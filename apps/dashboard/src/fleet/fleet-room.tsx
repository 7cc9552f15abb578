'use client'

import type { DevicePage, ParkedPage, Role } from '@tradewind/store'
import { CirclePlus, Download, MonitorSmartphone, SearchX } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useMemo, useState } from 'react'
import { LivePill } from '../live/live-pill'
import { may, maySelect } from '../people/permission'
import { Button, buttonLook } from '../ui/button'
import { Command } from '../ui/copy'
import { Empty, PageTitle } from '../ui/section'
import { bytes } from '../words/format'
import { choose, type Facets, type Indexed, sorted } from './choose'
import { usualColumns } from './column-ids'
import { ColumnMenu } from './column-menu'
import { DeviceTable } from './device-table'
import { FilterBar } from './filter-bar'
import { apiQuery, type Filters, isFiltered, nextSort, noFilters, noNarrowing, writeFilters } from './filters'
import { Parked } from './parked'
import { useFilters } from './use-filters'
import { useFleet, useHeld, useRefresh } from './use-fleet'
import { useSelection } from './use-selection'
import { ViewMenu } from './view-menu'

/** Loaded with the first selection: most visits have none. */
const BulkBar = dynamic(() => import('./bulk-bar').then((one) => one.BulkBar), { ssr: false })

type Props = {
  /** the first of those that are wanted, and how many there are */
  first: DevicePage
  filters: Filters
  /** of the catalogue: builds with the variant of each, and what variants are called */
  models: { variantOf: [build: string, variant: string][]; names: [variant: string, name: string][] }
  /** no device was ever enrolled */
  isNew: boolean
  waiting: ParkedPage
  role: Role
}

export function FleetRoom({ first, filters: known, models, isNew, waiting, role }: Props) {
  const fleet = useFleet(first)
  const { filters, change } = useFilters(known)
  const variantOf = useMemo(() => new Map(models.variantOf), [models])
  const [held, setHeld] = useState(false)
  const { text, presence, sync, labels, deviceClass, variant, problem, revoked, sort } = filters
  // Sorted once and not for each key that is pressed: what is chosen keeps the order.
  const inOrder = useMemo(() => sorted(fleet.rows, sort), [fleet.rows, sort])
  const { rows: wanted, facets } = useMemo(() => {
    const { chosen, facets } = choose(inOrder, filters, variantOf)
    return { rows: chosen, facets: fleet.isWhole ? facets : countedByServer(facets, first) }
  }, [inOrder, fleet.isWhole, variantOf, text, presence, sync, labels, deviceClass, variant, problem, revoked])
  const rows = useHeld(wanted, held, filters)
  const total = fleet.isWhole || writeFilters(filters) !== writeFilters(known) ? rows.length : first.total
  const selection = useSelection(fleet.rows, rows)
  const names = useMemo(
    () => ({ variants: new Map(models.names), classes: classNames(fleet.rows) }),
    [models, fleet.rows],
  )
  const shown = useMemo(
    () => ({ ids: filters.columns ?? usualColumns, chosen: filters.columns !== null }),
    [filters.columns],
  )
  const refresh = useRefresh()
  const narrowed = isFiltered(filters)
  const byLabels = labels !== '' && selection.all && selection.hidden === 0 && onlyLabels(filters) ? labels : null
  return (
    <>
      <PageTitle title="Devices">
        <LivePill connection={fleet.connection} />
        {may(role, 'create-enrol-token') && (
          <Link href="/add" className={buttonLook({ tone: 'primary' })}>
            <CirclePlus aria-hidden />
            Add a device
          </Link>
        )}
      </PageTitle>
      {waiting.total > 0 && (
        <Parked
          waiting={waiting}
          page={known.waitingPage}
          hrefOf={(waitingPage) => `/devices${writeFilters({ ...filters, waitingPage })}`}
          role={role}
          decided={() => {
            refresh()
            fleet.reread()
          }}
        />
      )}
      {isNew ? (
        <NoDevices />
      ) : (
        <>
          <FilterBar filters={filters} change={change} facets={facets} total={total} names={names}>
            <ViewMenu filters={filters} change={change} />
            <ColumnMenu chosen={filters.columns} change={(columns) => change({ columns })} />
            <a href={`/api/v1/devices.csv?${apiQuery(filters)}`} download className={buttonLook({ size: 'small' })}>
              <Download aria-hidden />
              Export CSV
            </a>
          </FilterBar>
          <div aria-busy={!fleet.isWhole}>
            {total > 0 ? (
              <DeviceTable
                rows={rows}
                total={total}
                isWhole={fleet.isWhole}
                figures={fleet.figures}
                shown={shown}
                sort={sort}
                onSort={(column) => change({ sort: nextSort(sort, column) })}
                selection={maySelect(role) && !revoked ? selection : null}
                hold={setHeld}
              />
            ) : (
              <NothingMatches
                clear={narrowed ? () => change({ ...noFilters, sort, columns: filters.columns }) : undefined}
              />
            )}
          </div>
          {selection.count > 0 && (
            <BulkBar selection={selection} byLabels={byLabels} role={role} reread={fleet.reread} />
          )}
        </>
      )}
    </>
  )
}

/** Until the browser has the whole fleet, presence and sync are counted by the server. */
const countedByServer = (facets: Facets, { byPresence, bySync }: DevicePage): Facets => ({
  ...facets,
  presence: new Map(Object.entries(byPresence)) as Facets['presence'],
  sync: new Map(Object.entries(bySync)) as Facets['sync'],
})

const onlyLabels = (filters: Filters) => !isFiltered({ ...noNarrowing, ...filters, labels: '' })

/** A class is known by what its devices are. */
function classNames(rows: Indexed[]): Map<string, string> {
  const names = new Map<string, string>()
  for (const { row } of rows)
    if (row.deviceClass && !names.has(row.deviceClass)) {
      const parts = [row.board ?? row.cpu ?? row.deviceClass, row.memoryBytes !== null && bytes(row.memoryBytes)]
      names.set(row.deviceClass, parts.filter(Boolean).join(', '))
    }
  return names
}

const NoDevices = () => (
  <Empty icon={<MonitorSmartphone />} title="No devices yet">
    <p>
      A device appears here once its agent has enrolled. Make a one-time token under{' '}
      <Link href="/add" className="font-medium text-accent underline underline-offset-2">
        Add a device
      </Link>
      , then start the agent on the device with it:
    </p>
    <Command text="TRADEWIND_TOKEN=<token> tradewind-agent run" />
    <p>An agent started without a token waits here until you approve it.</p>
  </Empty>
)

const NothingMatches = ({ clear }: { clear?: () => void }) => (
  <Empty icon={<SearchX />} title={clear ? 'No device matches' : 'All devices are revoked'}>
    <p>{clear ? 'Try fewer words, or another presence or sync.' : 'Choose Revoked above to see them.'}</p>
    {clear && <Button onClick={clear}>Clear the filters</Button>}
  </Empty>
)

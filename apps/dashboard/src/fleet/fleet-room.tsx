'use client'

import type { DevicePage, ParkedPage, Role } from '@tradewind/store'
import { CirclePlus, MonitorSmartphone, SearchX } from 'lucide-react'
import Link from 'next/link'
import { LivePill } from '../live/live-pill'
import { may } from '../people/permission'
import { Button, buttonLook } from '../ui/button'
import { classes } from '../ui/classes'
import { Command } from '../ui/copy'
import { Pager } from '../ui/pager'
import { Empty, PageTitle } from '../ui/section'
import { DeviceTable } from './device-table'
import { FilterBar } from './filter-bar'
import { devicesPerPage, type Filters, isFiltered, nextSort, noFilters, writeFilters } from './filters'
import { Parked } from './parked'
import { useFilters } from './use-filters'
import { useFleet } from './use-fleet'

type Props = {
  found: DevicePage
  filters: Filters
  /** no device was ever enrolled */
  isNew: boolean
  waiting: ParkedPage
  role: Role
}

export function FleetRoom({ found, filters: known, isNew, waiting, role }: Props) {
  const { devices, figures, connection, refresh } = useFleet(found)
  const { filters, change, pending } = useFilters(known)
  return (
    <>
      <PageTitle title="Devices">
        <LivePill connection={connection} />
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
          hrefOf={(waitingPage) => `/devices${writeFilters({ ...known, waitingPage })}`}
          role={role}
          decided={refresh}
        />
      )}
      {isNew ? (
        <NoDevices />
      ) : (
        <>
          <FilterBar filters={filters} change={change} found={found} />
          <div aria-busy={pending} className={classes('transition-opacity', pending && 'opacity-60 delay-150')}>
            {devices.length > 0 ? (
              <DeviceTable
                devices={devices}
                figures={figures}
                sort={filters.sort}
                onSort={(column) => change({ sort: nextSort(filters.sort, column) })}
              />
            ) : (
              <NothingMatches
                clear={isFiltered(filters) ? () => change({ ...noFilters, sort: filters.sort }) : undefined}
              />
            )}
          </div>
          <Pager
            className="mt-4"
            name="devices"
            page={known.page}
            perPage={devicesPerPage}
            shown={devices.length}
            total={found.total}
            hrefOf={(page) => `/devices${writeFilters({ ...known, page })}`}
          />
        </>
      )}
    </>
  )
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

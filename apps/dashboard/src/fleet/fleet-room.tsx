'use client'

import type { DeviceRow, ParkedRow, Role } from '@tradewind/store'
import { CirclePlus, MonitorSmartphone, SearchX } from 'lucide-react'
import Link from 'next/link'
import { useDeferredValue, useMemo } from 'react'
import { LivePill } from '../live/live-pill'
import { may } from '../people/permission'
import { Button, buttonLook } from '../ui/button'
import { Command } from '../ui/copy'
import { Empty, PageTitle } from '../ui/section'
import { DeviceTable } from './device-table'
import { FilterBar } from './filter-bar'
import { countPresence, filterDevices, isFiltered, noFilters } from './filters'
import type { Latest } from './latest-figures'
import { Parked } from './parked'
import { useFilters } from './use-filters'
import { useFleet } from './use-fleet'

type Props = { devices: DeviceRow[]; latest: [string, Latest][]; parked: ParkedRow[]; role: Role }

export function FleetRoom({ devices: known, latest, parked, role }: Props) {
  const { devices, figures, connection, refresh } = useFleet(known, latest)
  const [filters, change] = useFilters()
  // What is typed shows at once; the list may follow a moment later.
  const wanted = useDeferredValue(filters)
  const shown = useMemo(() => new Set(filterDevices(devices, wanted)), [devices, wanted])
  const counts = useMemo(() => countPresence(devices, wanted.revoked), [devices, wanted.revoked])
  const waiting = parked.filter(({ refusedMs }) => refusedMs === null)
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
      {waiting.length > 0 && <Parked waiting={waiting} role={role} decided={refresh} />}
      {devices.length === 0 ? (
        <NoDevices />
      ) : (
        <>
          <FilterBar filters={filters} change={change} counts={counts} shown={shown.size} />
          {shown.size > 0 ? (
            <DeviceTable
              devices={devices}
              shown={shown}
              figures={figures}
              sort={filters.sort}
              onSort={(sort) => change({ sort })}
            />
          ) : (
            <NothingMatches
              clear={isFiltered(filters) ? () => change({ ...noFilters, sort: filters.sort }) : undefined}
            />
          )}
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

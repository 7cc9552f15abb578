'use client'

import type { Role } from '@tradewind/store'
import { CirclePlus, MonitorSmartphone } from 'lucide-react'
import Link from 'next/link'
import { useRefresh } from '../fleet/use-fleet'
import { LivePill } from '../live/live-pill'
import { useLive } from '../live/use-live'
import { may } from '../people/permission'
import { buttonLook } from '../ui/button'
import { Command } from '../ui/copy'
import { Empty, PageTitle } from '../ui/section'
import { AttentionList } from './attention-list'
import { FleetTotalsPanel } from './fleet-totals'
import { LiveRollouts } from './live-rollouts'
import { OneDevice } from './one-device'
import type { Overview } from './read-overview'
import { WorkToday } from './work-today'

/** The page that stays open: what needs a person, what changes now, what was done, and what there is. */
export function OverviewRoom({ overview, role }: { overview: Overview; role: Role }) {
  const { totals, attention, rollouts, work, only, variants } = overview
  const refresh = useRefresh(totals.devices > 1000 ? 10_000 : 2_000)
  const connection = useLive({
    ...{ presence: refresh, reported: refresh, report: refresh, problems: refresh, rollout: refresh },
    ...{ proposals: refresh, assigned: refresh, fleet: refresh, back: refresh },
  })
  const isEmpty = totals.devices === 0
  return (
    <>
      <PageTitle title="Overview">
        <LivePill connection={connection} />
        {may(role, 'create-enrol-token') && (
          <Link href="/add" className={buttonLook({ tone: isEmpty ? 'primary' : 'plain' })}>
            <CirclePlus aria-hidden />
            Add a device
          </Link>
        )}
      </PageTitle>
      <div className="grid gap-8">
        {(!isEmpty || attention.fleet.length > 0) && <AttentionList attention={attention} />}
        {rollouts.length > 0 && <LiveRollouts rollouts={rollouts} />}
        {work && <WorkToday work={work} />}
        {isEmpty ? (
          <NoDevices />
        ) : only ? (
          <OneDevice device={only} />
        ) : (
          <FleetTotalsPanel totals={totals} variants={variants} />
        )}
      </div>
    </>
  )
}

const NoDevices = () => (
  <Empty icon={<MonitorSmartphone />} title="Add your first device">
    <p>
      Tradewind runs Gemma 4 on devices of yours. Make a one-time token under{' '}
      <Link href="/add" className="font-medium text-accent underline underline-offset-2">
        Add a device
      </Link>
      , then start the agent on the device with it:
    </p>
    <Command text="TRADEWIND_TOKEN=<token> tradewind-agent run" />
    <p>This page then says what needs you, and what the fleet has done today.</p>
  </Empty>
)

'use client'

import type { Role } from '@tradewind/store'
import { ChevronRight, Clock, Layers, Trash2, TriangleAlert, Waves } from 'lucide-react'
import Link from 'next/link'
import { useRefresh } from '../fleet/use-fleet'
import { call } from '../live/call'
import { LivePill } from '../live/live-pill'
import { useLive } from '../live/use-live'
import { may } from '../people/permission'
import type { UnplacedShown } from '../server/unplaced'
import { Badge } from '../ui/badge'
import { Button, buttonLook } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { Command } from '../ui/copy'
import { Empty, PageTitle, Panel } from '../ui/section'
import { Ago } from '../ui/time'
import { explainActor } from '../words/explain-audit'
import { rolloutNames } from '../words/explain-rollout'
import { count } from '../words/format'
import { devicesWords, requirementWords, selectionWords, useCaseNames } from '../words/name-placement'
import type { WorkloadShown } from './shape-workloads'

type Props = {
  workloads: WorkloadShown[]
  unplaced: (UnplacedShown & { of: string[] })[]
  open: string | null
  role: Role
}

/** What devices are for, and what has come of it. */
export function WorkloadsRoom({ workloads, unplaced, open, role }: Props) {
  const refresh = useRefresh(2_000)
  const connection = useLive({ assigned: refresh, proposals: refresh, rollout: refresh, fleet: refresh, back: refresh })
  const mayChange = may(role, 'change-workloads')
  return (
    <>
      <PageTitle
        title="Workloads"
        hint="What devices are for. A device follows the one with the highest priority that selects it."
      >
        <LivePill connection={connection} />
        {mayChange && (
          <Link href="/assign" className={buttonLook({ tone: 'primary' })}>
            New workload
          </Link>
        )}
      </PageTitle>
      {workloads.length === 0 ? (
        <Empty icon={<Layers />} title="Nobody has said yet what devices are for">
          <p>
            A workload names uses and what is asked. Each device that it selects gets the build that is right for it.
          </p>
          {mayChange && (
            <Link href="/assign" className={buttonLook({ tone: 'primary' })}>
              New workload
            </Link>
          )}
          <Command text="tradewind workload create calls --for transcription --languages es" />
        </Empty>
      ) : (
        <ul className="grid gap-4">
          {workloads.map((one) => (
            <li key={one.id}>
              <WorkloadCard
                shown={one}
                troubles={unplaced.filter(({ of }) => of.includes(one.id))}
                isOpen={open === one.id}
                mayChange={mayChange}
                changed={refresh}
              />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

type CardProps = {
  shown: WorkloadShown
  troubles: UnplacedShown[]
  isOpen: boolean
  mayChange: boolean
  changed: () => void
}

function WorkloadCard({ shown, troubles, isOpen, mayChange, changed }: CardProps) {
  const { id, version, workload, changedMs, changedBy, devices, builds } = shown
  return (
    <Panel className="grid gap-3 px-5 py-4">
      <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)_minmax(0,1fr)_auto]">
        <div className="min-w-0">
          <h2 className="text-base font-semibold [overflow-wrap:anywhere]">{id}</h2>
          <p>
            {workload.useCases.map((use) => useCaseNames[use] ?? use).join(', ') || 'No use named'}, for{' '}
            {selectionWords(workload)}
          </p>
          <p className="mt-1 text-[13px] text-muted">{requirementWords(workload).join(' · ')}</p>
          <p className="text-[13px] text-muted">
            Version {version}, changed <Ago atMs={changedMs} /> by {explainActor(changedBy).name}
          </p>
        </div>
        <dl className="min-w-0">
          <dt className="text-[13px] text-muted">Holds</dt>
          <dd className="tabular">
            {devices === 0 ? 'No device yet' : devicesWords(devices)}
            {builds.map(({ build, devices: of }) => (
              <span key={build} className="block text-[13px] text-muted [overflow-wrap:anywhere]">
                {builds.length > 1 && count(of)} <code className="font-mono">{build}</code>
              </span>
            ))}
          </dd>
        </dl>
        <dl className="min-w-0">
          <dt className="text-[13px] text-muted">Now</dt>
          <dd className="mt-1 flex flex-wrap gap-2">
            <Needs shown={shown} />
          </dd>
        </dl>
        {mayChange && (
          <div className="flex flex-wrap content-start gap-2 lg:justify-end">
            <Link href={`/assign?workload=${id}`} className={buttonLook({ size: 'small' })}>
              Change
            </Link>
            <Delete shown={shown} changed={changed} />
          </div>
        )}
      </div>
      {troubles.length > 0 && <Troubles troubles={troubles} isOpen={isOpen} />}
    </Panel>
  )
}

function Needs({ shown: { rollout, proposals, refused, unresolved, tied, isWaiting } }: { shown: WorkloadShown }) {
  const cannot = refused + unresolved
  if (!rollout && !isWaiting && proposals + cannot + tied === 0) return <span className="text-muted">Nothing</span>
  return (
    <>
      {rollout && (
        <Link href={`/rollouts/${rollout.id}`}>
          <Badge tone={rollout.state === 'paused' ? 'bad' : 'good'} icon={<Waves aria-hidden />}>
            Rollout: {rolloutNames[rollout.state].toLowerCase()}
          </Badge>
        </Link>
      )}
      {isWaiting && !rollout && (
        <Badge tone="attention" icon={<Clock aria-hidden />}>
          Waits for its rollout
        </Badge>
      )}
      {proposals > 0 && (
        <Link href="/proposals">
          <Badge tone="attention" icon={<Clock aria-hidden />}>
            {proposals} proposed
          </Badge>
        </Link>
      )}
      {cannot > 0 && (
        <Badge tone="bad" icon={<TriangleAlert aria-hidden />}>
          {cannot} cannot be placed
        </Badge>
      )}
      {tied > 0 && (
        <Badge tone="bad" icon={<TriangleAlert aria-hidden />}>
          {tied} tied
        </Badge>
      )}
    </>
  )
}

const mostTroubles = 50

const Troubles = ({ troubles, isOpen }: { troubles: UnplacedShown[]; isOpen: boolean }) => (
  <details open={isOpen} className="group border-t pt-2">
    <summary className="flex min-h-11 w-fit cursor-pointer list-none items-center gap-1 text-[13px] font-medium text-muted hover:text-text sm:min-h-8 [&::-webkit-details-marker]:hidden">
      <ChevronRight className="size-4 shrink-0 transition-transform group-open:rotate-90" aria-hidden />
      Why {devicesWords(troubles.length)} {troubles.length === 1 ? 'has' : 'have'} not what it asks for
    </summary>
    <ul className="mt-2 divide-y">
      {troubles.slice(0, mostTroubles).map(({ deviceId, deviceName, words, needs, numbers }) => (
        <li key={deviceId} className="grid gap-x-5 gap-y-1 py-2 sm:grid-cols-[minmax(0,13rem)_minmax(0,1fr)]">
          <Link href={`/devices/${deviceId}`} prefetch={false} className="truncate font-medium" title={deviceName}>
            {deviceName}
          </Link>
          <p className="text-[13px] [overflow-wrap:anywhere]" title={numbers.join('\n') || undefined}>
            <span className="text-muted">{words.join('; ')}.</span>{' '}
            {needs.length > 0 && `Needs ${needs.join(', and ')}.`}
          </p>
        </li>
      ))}
    </ul>
    {troubles.length > mostTroubles && <p className="pt-2 text-[13px] text-muted">The others are under proposals.</p>}
  </details>
)

const Delete = ({
  shown: { id, devices, proposals, rollout },
  changed,
}: {
  shown: WorkloadShown
  changed: () => void
}) => (
  <Confirm
    trigger={
      <Button size="small" tone="danger">
        <Trash2 aria-hidden />
        Delete
      </Button>
    }
    title={`Delete ${id}?`}
    consequence={
      <p>
        {devices === 0
          ? 'No device has it.'
          : `${devicesWords(devices)} ${devices === 1 ? 'goes' : 'go'} on serving what it gave.`}{' '}
        Nothing more is placed by it
        {proposals > 0 && `, and ${proposals} ${proposals === 1 ? 'proposal goes' : 'proposals go'}`}.
        {rollout && ' Its rollout goes on until you abort it.'} Another workload that selects these devices counts from
        now on.
      </p>
    }
    verb="Delete"
    danger
    run={() => call('DELETE', `/api/v1/workloads/${id}`)}
    done={changed}
  />
)

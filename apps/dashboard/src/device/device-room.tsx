'use client'

import type { DeviceDetail, EventRow, ProblemRow, ProposalRow, Role } from '@tradewind/store'
import { useMemo } from 'react'
import { DecisionSection, type Shown } from '../decision/decision-section'
import { may } from '../people/permission'
import { TryDevice } from '../try/try-device'
import { causeNames } from '../words/name-assignment'
import { AssignmentHistory, type MadeRow } from './assignment-history'
import { Attention } from './attention'
import type { ChartMarks } from './chart-marks'
import { DeviceHeader } from './device-header'
import { EventList } from './event-list'
import { FactList } from './facts'
import type { History } from './history'
import { Keys } from './keys'
import type { Silence } from './likely-cause'
import { Logs } from './logs'
import { LostPanel } from './lost-panel'
import { MeasuredList } from './measured-list'
import { PageNav } from './page-nav'
import type { Predictions } from './predict'
import { ProgressPanel } from './progress-panel'
import { ProposalNotice } from './proposal-notice'
import { Revoke } from './revoke'
import { ServingPanel } from './serving-panel'
import { SyncPanel } from './sync-panel'
import { Telemetry } from './telemetry'
import { useDevice } from './use-device'

type Props = {
  device: DeviceDetail
  history: History
  events: EventRow[]
  role: Role
  predictions: Predictions
  /** that a clip may be in, as BCP 47 writes them */
  languages: string[]
  /** null: it has not reported, or it is revoked */
  decided: Shown | null
  assignments: MadeRow[]
  throttled: ChartMarks['bands']
  proposal: ProposalRow | null
  problems: ProblemRow[]
  /** what is known of a device that is lost; null: it is not */
  silence: Omit<Silence, 'events'> | null
}

/** In the order of what a person needs: what is wrong, what changes, why it is so, the numbers, the details, the end. */
export function DeviceRoom({ device: known, history: knownHistory, events: knownEvents, role, ...props }: Props) {
  const { device, history, events, connection, refresh } = useDevice(known, knownHistory, knownEvents)
  const online = device.presence?.state === 'online' && device.revokedMs === null
  const asks = may(role, 'ask-device')
  const assigns = may(role, 'assign') && device.revokedMs === null
  const { assignments, throttled, decided, proposal, silence } = props
  const marks = useMemo(() => marksOf(throttled, assignments), [throttled, assignments])
  const latest = device.assignment?.latest
  return (
    <>
      <DeviceHeader device={device} online={online} connection={connection} role={role} changed={refresh} />
      <Attention device={device} problems={props.problems} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
        {silence && device.presence?.state === 'lost' && (
          <LostPanel name={device.name} silence={{ ...silence, events }} />
        )}
        {proposal && (
          <ProposalNotice
            proposal={proposal}
            panel={decided?.panel ?? null}
            loadMs={device.measured.find(({ build }) => build === proposal.build)?.loadMs}
            mayAssign={assigns}
            decided={refresh}
          />
        )}
        <ProgressPanel device={device} online={online} />
        <PageNav places={asks ? places : places.filter(({ id }) => id !== 'try')} />
        <div id="why" className={place}>
          <DecisionSection name={device.name} decided={decided} revoked={device.revokedMs !== null} />
        </div>
        <div id="charts" className={place}>
          <Telemetry
            history={history}
            marks={marks}
            enrolledMs={device.enrolledMs}
            unreadable={device.report?.unreadable ?? []}
            online={online && connection.state === 'live'}
          />
        </div>
        {asks && (
          <div id="try" className={place}>
            <TryDevice device={device} online={online} languages={props.languages} />
          </div>
        )}
        <div id="facts" className={`${place} grid items-start gap-x-8 gap-y-10 lg:grid-cols-[minmax(0,1fr)_22rem]`}>
          <FactList device={device} online={online} mayAsk={asks} probed={refresh} />
          <div className="grid gap-10">
            <ServingPanel serving={device.serving} online={online} />
            <MeasuredList measured={device.measured} predictions={props.predictions} />
            <SyncPanel sync={device.sync} assignment={device.assignment} smoke={device.smoke} />
          </div>
        </div>
        <div id="history" className={`${place} grid items-start gap-x-8 gap-y-10 lg:grid-cols-[minmax(0,1fr)_22rem]`}>
          <AssignmentHistory
            deviceId={device.id}
            rows={assignments}
            applied={device.assignment?.revisionApplied ?? 0}
            mayAssign={assigns}
          />
          <EventList events={events} />
        </div>
        <div id="manage" className={`${place} grid gap-10`}>
          {asks && <Logs deviceId={device.id} online={online} />}
          <Keys keys={device.keys} />
          {may(role, 'revoke-device') && device.revokedMs === null && (
            <Revoke
              deviceId={device.id}
              name={device.name}
              online={online}
              serves={device.serving?.label ?? latest?.build ?? null}
              revoked={refresh}
            />
          )}
        </div>
      </div>
    </>
  )
}

/** Beneath the bar of the page, and on phones beneath that of the frame as well. */
const place = 'scroll-mt-28 sm:scroll-mt-16'

const places = [
  { id: 'why', name: 'Why this model' },
  { id: 'charts', name: 'Charts' },
  { id: 'try', name: 'Try it' },
  { id: 'facts', name: 'Capability' },
  { id: 'history', name: 'History' },
  { id: 'manage', name: 'Log and keys' },
]

const marksOf = (bands: ChartMarks['bands'], assignments: MadeRow[]): ChartMarks => ({
  bands,
  lines: assignments.map(({ atMs, revision, build, cause }) => ({ atMs, revision, build, words: causeNames[cause] })),
})

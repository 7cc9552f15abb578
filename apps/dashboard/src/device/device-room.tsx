'use client'

import type { DeviceDetail, EventRow, Role } from '@tradewind/store'
import { may } from '../people/permission'
import { TryDevice } from '../try/try-device'
import { Attention } from './attention'
import { DeviceHeader } from './device-header'
import { EventList } from './event-list'
import { FactList } from './facts'
import type { History } from './history'
import { Keys } from './keys'
import { Logs } from './logs'
import { MeasuredList } from './measured-list'
import type { Predictions } from './predict'
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
}

export function DeviceRoom({ device: known, history: knownHistory, events: knownEvents, role, ...props }: Props) {
  const { device, history, events, connection, refresh } = useDevice(known, knownHistory, knownEvents)
  const online = device.presence?.state === 'online' && device.revokedMs === null
  const asks = may(role, 'ask-device')
  return (
    <>
      <DeviceHeader device={device} connection={connection} role={role} renamed={refresh} />
      <Attention device={device} />
      <div className="grid gap-10">
        <Telemetry
          history={history}
          enrolledMs={device.enrolledMs}
          unreadable={device.report?.unreadable ?? []}
          online={online && connection.state === 'live'}
        />
        {asks && <TryDevice device={device} online={online} languages={props.languages} />}
        <div className="grid items-start gap-x-8 gap-y-10 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <FactList device={device} online={online} mayAsk={asks} probed={refresh} />
          <div className="grid gap-10">
            <ServingPanel serving={device.serving} online={online} />
            <MeasuredList measured={device.measured} predictions={props.predictions} />
            <SyncPanel sync={device.sync} assignment={device.assignment} failure={device.failure} />
            <EventList events={events} />
          </div>
        </div>
        {asks && <Logs deviceId={device.id} online={online} />}
        <Keys keys={device.keys} />
        {may(role, 'revoke-device') && device.revokedMs === null && (
          <Revoke deviceId={device.id} name={device.name} online={online} revoked={refresh} />
        )}
      </div>
    </>
  )
}

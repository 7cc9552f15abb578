'use client'

import type { DeviceDetail, Role } from '@tradewind/store'
import { ArrowLeft, Ban, Pencil } from 'lucide-react'
import Link from 'next/link'
import { type FormEvent, useState } from 'react'
import { presenceOf } from '../fleet/filters'
import { call } from '../live/call'
import { LivePill } from '../live/live-pill'
import { useDeed } from '../live/use-deed'
import type { Connection } from '../live/use-live'
import { may } from '../people/permission'
import { Badge } from '../ui/badge'
import { Button, buttonLook } from '../ui/button'
import { Input } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { Presence, Sync } from '../ui/state'
import { For } from '../ui/time'
import { LabelRow } from './labels'
import { RestartEngine } from './restart-engine'
import { ServingState } from './serving-panel'

type Props = { device: DeviceDetail; online: boolean; connection: Connection; role: Role; changed: () => void }

export const DeviceHeader = ({ device, online, connection, role, changed }: Props) => (
  <header className="mb-6">
    <div className="mb-3 flex min-h-8 items-center justify-between gap-4">
      <Link href="/devices" className="inline-flex min-h-8 items-center gap-1.5 text-[13px] text-muted hover:text-text">
        <ArrowLeft className="size-3.5" aria-hidden />
        Devices
      </Link>
      <LivePill connection={connection} />
    </div>
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 grow sm:max-w-[70%]">
        <Name device={device} role={role} renamed={changed} />
      </div>
      {may(role, 'assign') && device.revokedMs === null && (
        <div className="flex flex-wrap gap-2">
          <RestartEngine device={device} online={online} done={changed} />
          <Link href={`/assign?devices=${device.id}`} className={buttonLook({ tone: 'primary' })}>
            Assign
          </Link>
        </div>
      )}
    </div>
    <dl className="mt-3 flex flex-wrap items-center gap-x-8 gap-y-2">
      <div className="flex items-center gap-2">
        <dt className="text-[13px] text-muted">Presence</dt>
        <dd className="flex items-center gap-2 font-medium">
          <Presence state={presenceOf(device)} />
          {device.presence && <For sinceMs={device.presence.sinceMs} className="tabular font-normal text-muted" />}
        </dd>
      </div>
      <div className="flex items-center gap-2">
        <dt className="text-[13px] text-muted">Sync</dt>
        <dd>
          <Sync state={device.sync} />
        </dd>
      </div>
      <div className="flex min-w-0 items-center gap-2">
        <dt className="text-[13px] text-muted">Serves</dt>
        <dd className="flex min-w-0 flex-wrap items-center gap-2">
          <Served device={device} online={online} />
        </dd>
      </div>
      <div className="flex items-center gap-2">
        <dt className="text-[13px] text-muted">Agent</dt>
        <dd className="tabular">{device.agentVersion ?? <span className="text-faint">unknown</span>}</dd>
      </div>
      {device.revokedMs !== null && (
        <Badge tone="bad" icon={<Ban aria-hidden />}>
          Revoked
        </Badge>
      )}
    </dl>
    <div className="mt-3">
      <LabelRow
        deviceId={device.id}
        labels={device.labels}
        mayEdit={may(role, 'label-device') && device.revokedMs === null}
        changed={changed}
      />
    </div>
  </header>
)

/** Of a device that is away it is not known what it serves now. */
function Served({ device: { serving }, online }: { device: DeviceDetail; online: boolean }) {
  if (!serving) return <span className="text-faint">nothing</span>
  return (
    <>
      <span className="[overflow-wrap:anywhere]">{serving.label}</span>
      {online ? (
        <ServingState state={serving.state} />
      ) : (
        <span className="text-[13px] text-muted">when last heard</span>
      )}
    </>
  )
}

function Name({ device, role, renamed }: Pick<Props, 'device' | 'role'> & { renamed: () => void }) {
  const [editing, setEditing] = useState(false)
  const { pending, problem, start, forget } = useDeed(
    (name: string) => call('PATCH', `/api/v1/devices/${device.id}`, { name }),
    () => {
      setEditing(false)
      renamed()
    },
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    start(String(new FormData(event.currentTarget).get('name')))
  }
  const cancel = () => {
    forget()
    setEditing(false)
  }
  if (!editing)
    return (
      <div className="flex min-h-9 items-center gap-1">
        <h1 className="min-w-0 text-2xl font-semibold tracking-tight [overflow-wrap:anywhere]">{device.name}</h1>
        {may(role, 'rename-device') && (
          <Button tone="quiet" size="icon" aria-label="Rename" title="Rename" onClick={() => setEditing(true)}>
            <Pencil aria-hidden />
          </Button>
        )}
      </div>
    )
  return (
    <form onSubmit={submit} onKeyDown={(event) => event.key === 'Escape' && cancel()}>
      <div className="flex flex-wrap items-center gap-2">
        <Input
          name="name"
          aria-label="Name of the device"
          defaultValue={device.name}
          required
          maxLength={63}
          autoFocus
          className="max-w-md font-medium"
        />
        <Button type="submit" tone="primary" pending={pending}>
          Rename
        </Button>
        <Button onClick={cancel}>Cancel</Button>
      </div>
      <ProblemNotice problem={problem} className="mt-3 max-w-md" />
    </form>
  )
}

'use client'

import type { FleetRow, Role } from '@tradewind/store'
import { Ban, RotateCw, Split, Tag, X } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { call } from '../live/call'
import { may } from '../people/permission'
import { Button, buttonLook } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { Dialog } from '../ui/dialog'
import { count } from '../words/format'
import { assignAddress, ofRestart, ofRevoking } from './consequences'
import { LabelForm } from './label-form'
import type { Selection } from './use-selection'

type Props = {
  selection: Selection
  /** the labels that chose just these, and nothing else did */
  byLabels: string | null
  role: Role
  reread: (deviceIds: string[]) => void
}

/** What can be done with what is selected. It lies over the page, so that nothing moves when it comes and goes. */
export function BulkBar({ selection, byLabels, role, reread }: Props) {
  const [labelling, setLabelling] = useState(false)
  const { count: number, hidden } = selection
  const rows = selection.rows.map(({ row }) => row)
  const ids = rows.map(({ id }) => id)
  const devices = number === 1 ? (rows[0]?.name ?? '') : `${count(number)} devices`
  const done = () => reread(ids)
  return (
    <section
      aria-label="Selected devices"
      className="pointer-events-none fixed inset-x-0 bottom-16 z-20 grid justify-items-center px-2 pb-[env(safe-area-inset-bottom)] sm:bottom-4 sm:pl-18 wide:pl-58"
    >
      <div className="appears pointer-events-auto flex max-w-full flex-wrap items-center gap-2 rounded-xl border bg-surface p-2 shadow-high">
        <p role="status" className="tabular max-w-72 truncate px-2 font-medium">
          {devices} selected
          {hidden > 0 && <span className="font-normal text-muted">, {count(hidden)} not shown</span>}
        </p>
        {may(role, 'label-device') && (
          <Button size="small" onClick={() => setLabelling(true)}>
            <Tag aria-hidden />
            Label
          </Button>
        )}
        {may(role, 'assign') && <Assign rows={rows} byLabels={byLabels} />}
        {may(role, 'assign') && (
          <Confirm
            trigger={
              <Button size="small">
                <RotateCw aria-hidden />
                Restart engine
              </Button>
            }
            title={number === 1 ? `Restart the engine of ${devices}?` : `Restart the engines of ${devices}?`}
            consequence={<Says lines={ofRestart(rows)} />}
            verb="Restart"
            run={() => call('POST', '/api/v1/devices/restart', { devices: ids })}
            done={done}
          />
        )}
        {may(role, 'revoke-device') && (
          <Confirm
            trigger={
              <Button size="small" tone="danger">
                <Ban aria-hidden />
                Revoke
              </Button>
            }
            title={`Revoke ${devices}?`}
            consequence={<Says lines={ofRevoking(rows)} />}
            verb={`Revoke ${devices}`}
            danger
            run={() => call('POST', '/api/v1/devices/revoke', { devices: ids })}
            done={() => {
              selection.clear()
              done()
            }}
          />
        )}
        <Button size="icon" tone="quiet" onClick={selection.clear} aria-label="Select none" title="Select none">
          <X aria-hidden />
        </Button>
      </div>
      <Dialog
        open={labelling}
        change={setLabelling}
        title={`Label ${devices}`}
        hint="Workloads choose devices by their labels: a label may change what a device serves."
      >
        <LabelForm
          rows={rows}
          done={() => {
            setLabelling(false)
            done()
          }}
        />
      </Dialog>
    </section>
  )
}

function Assign({ rows, byLabels }: { rows: FleetRow[]; byLabels: string | null }) {
  const address = assignAddress(rows, byLabels)
  if (address === null)
    return (
      <Button
        size="small"
        disabled
        title="These are too many to name one by one: give them a label, then assign to the label"
      >
        <Split aria-hidden />
        Assign
      </Button>
    )
  return (
    <Link href={address} prefetch={false} className={buttonLook({ size: 'small' })}>
      <Split aria-hidden />
      Assign
    </Link>
  )
}

const Says = ({ lines }: { lines: string[] }) => (
  <ul className="grid gap-1">
    {lines.map((line) => (
      <li key={line}>{line}</li>
    ))}
  </ul>
)

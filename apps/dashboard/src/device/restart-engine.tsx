'use client'

import type { DeviceDetail } from '@tradewind/store'
import { RotateCw } from 'lucide-react'
import { type AssignedReply, orFail } from '../live/assigned'
import { call } from '../live/call'
import { Button } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { pauseWords } from '../words/pause'

type Props = { device: DeviceDetail; online: boolean; done: () => void }

/** Starts the engine anew, by a new revision of the same assignment: a device that is away does it when it is back. */
export function RestartEngine({ device: { id, name, assignment, measured, serving }, online, done }: Props) {
  const build = assignment?.latest?.build
  const loadMs = measured.find((one) => one.build === (build ?? serving?.build))?.loadMs
  const button = (
    <Button
      disabled={build === undefined}
      title={build === undefined ? 'Possible once something is assigned to it' : undefined}
    >
      <RotateCw aria-hidden />
      Restart engine
    </Button>
  )
  if (build === undefined) return button
  return (
    <Confirm
      trigger={button}
      title={`Restart the engine of ${name}?`}
      consequence={
        <p>
          {online ? `1 device: ${pauseWords(1, loadMs)}` : `${name} is not connected: it does so when it is back.`} What
          it works on is broken off. It keeps {build}.
        </p>
      }
      verb="Restart"
      run={async () => orFail(await call<AssignedReply>('POST', `/api/v1/devices/${id}/restart`))}
      done={done}
    />
  )
}

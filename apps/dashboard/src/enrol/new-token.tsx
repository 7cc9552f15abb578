'use client'

import { CircleCheck, Hourglass } from 'lucide-react'
import Link from 'next/link'
import type { Connection } from '../live/use-live'
import { Button } from '../ui/button'
import { QrCode } from '../ui/qr-code'
import { Panel } from '../ui/section'
import { Until } from '../ui/time'
import type { Enrolled, MadeToken } from './made-token'
import { WayList } from './way-list'
import { isReachable, qrTextOf } from './ways'

type Props = {
  token: MadeToken
  origin: string
  arrivals: Enrolled[]
  connection: Connection
  another: () => void
}

export const NewToken = ({ token, origin, arrivals, connection, another }: Props) => (
  <Panel className="max-w-4xl">
    <div className="grid gap-x-8 gap-y-6 p-5 sm:grid-cols-[minmax(0,1fr)_15rem]">
      <div className="grid min-w-0 content-start gap-5">
        <div>
          <h2 className="text-[15px] font-semibold">Bring this token to the device</h2>
          <p className="mt-0.5 text-muted">
            It is shown this once, works once, and expires <Until atMs={token.expiresMs} />.
          </p>
        </div>
        <WayList token={token.text} />
      </div>
      <figure className="grid content-start justify-items-center gap-2">
        <QrCode text={qrTextOf(origin, token.text)} label="QR code of the token" />
        <figcaption className="text-pretty text-center text-[13px] text-muted">
          {isReachable(origin)
            ? 'Opens a page with these commands on a phone. The token stays out of every log.'
            : 'Holds the command as text. Nobody but this machine can open the dashboard at its address.'}
        </figcaption>
      </figure>
    </div>
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 border-t px-5 py-4">
      <div role="status" className="grid gap-1">
        {arrivals.length === 0 ? (
          <Waiting connection={connection} />
        ) : (
          arrivals.map((one) => <Arrival key={one.id} one={one} />)
        )}
      </div>
      <Button onClick={another}>Make another</Button>
    </div>
  </Panel>
)

const Waiting = ({ connection }: { connection: Connection }) => (
  <p className="flex items-center gap-2 text-muted">
    <Hourglass className="size-4" aria-hidden />
    {connection.state === 'lost'
      ? 'The live connection is lost. A device that arrives now is shown once it is back.'
      : 'Waiting for the device. It appears here as soon as it arrives.'}
  </p>
)

const Arrival = ({ one }: { one: Enrolled }) => (
  <p className="appears flex items-center gap-2">
    <CircleCheck className="size-4 shrink-0 text-good" aria-hidden />
    <span>
      <Link href={`/devices/${one.id}`} className="font-medium text-accent underline underline-offset-2">
        {one.name}
      </Link>{' '}
      has arrived
    </span>
  </p>
)

'use client'

import { CircleCheck, Hourglass } from 'lucide-react'
import Link from 'next/link'
import type { Connection } from '../live/use-live'
import { Button } from '../ui/button'
import { Command } from '../ui/copy'
import { Panel } from '../ui/section'
import { Until } from '../ui/time'
import type { Enrolled, MadeToken } from './made-token'

type Props = { token: MadeToken; arrivals: Enrolled[]; connection: Connection; another: () => void }

export const NewToken = ({ token, arrivals, connection, another }: Props) => (
  <Panel className="max-w-3xl">
    <div className="grid gap-5 p-5">
      <div>
        <h2 className="text-[15px] font-semibold">Start the agent on the device with this token</h2>
        <p className="mt-0.5 text-muted">
          It is shown this once, works once, and expires <Until atMs={token.expiresMs} />.
        </p>
      </div>
      <div className="grid gap-1.5">
        <h3 className="text-[13px] font-medium text-muted">Command</h3>
        <Command text={`TRADEWIND_TOKEN=${token.text} tradewind-agent run`} />
      </div>
      <div className="grid gap-1.5">
        <h3 className="text-[13px] font-medium text-muted">Token alone</h3>
        <Command text={token.text} />
      </div>
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

'use client'

import type { ParkedPage, ParkedRow, Role } from '@tradewind/store'
import { Hourglass } from 'lucide-react'
import { call } from '../live/call'
import { may } from '../people/permission'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Confirm } from '../ui/confirm'
import { Pager } from '../ui/pager'
import { Panel, Section } from '../ui/section'
import { Ago } from '../ui/time'
import { count } from '../words/format'
import { waitingPerPage } from './filters'

type Props = {
  waiting: ParkedPage
  /** from 1 */
  page: number
  hrefOf: (page: number) => string
  role: Role
  decided: () => void
}

/** Devices that asked without a token, until a person decides. */
export const Parked = ({ waiting: { parked, total }, page, hrefOf, role, decided }: Props) => (
  <Section
    className="mb-8"
    title={`Awaiting approval (${count(total)})`}
    hint="These asked to be let in without a token. Compare the fingerprint with what the device shows, then decide."
  >
    <Panel>
      <ul className="divide-y">
        {parked.map((one) => (
          <li key={one.fingerprint} className="flex flex-wrap items-center gap-x-6 gap-y-3 px-4 py-3">
            <div className="min-w-0 flex-1 basis-64">
              <p className="flex items-center gap-2">
                <span className="truncate font-medium" title={one.name}>
                  {one.name}
                </span>
                <Badge tone="attention" icon={<Hourglass aria-hidden />}>
                  Waiting
                </Badge>
              </p>
              <p className="mt-0.5 truncate text-[13px] text-muted">
                {one.board ?? 'Board unknown'} · {one.address} · since <Ago atMs={one.firstMs} />
              </p>
            </div>
            <Fingerprint text={one.fingerprint} />
            {may(role, 'decide-parked') && <Decide one={one} decided={decided} />}
          </li>
        ))}
      </ul>
      <Pager
        className="border-t px-4 py-2.5"
        name="waiting devices"
        page={page}
        perPage={waitingPerPage}
        shown={parked.length}
        total={total}
        hrefOf={hrefOf}
      />
    </Panel>
  </Section>
)

const Fingerprint = ({ text }: { text: string }) => (
  <code className="font-mono text-[13px] tracking-tight" title="Fingerprint of its key">
    {text}
  </code>
)

function Decide({ one, decided }: { one: ParkedRow; decided: () => void }) {
  const decide = (verb: 'approve' | 'refuse') => () =>
    call('POST', `/api/v1/parked/${encodeURIComponent(one.fingerprint)}/${verb}`)
  const question = (
    <>
      <p>It asked from {one.address} with the key</p>
      <p className="my-2 font-mono text-[15px] text-text">{one.fingerprint}</p>
    </>
  )
  return (
    <div className="flex gap-2">
      <Confirm
        trigger={<Button size="small">Refuse</Button>}
        title={`Refuse ${one.name}?`}
        consequence={
          <>
            {question}
            <p>It stops asking. It can still be enrolled later with a token.</p>
          </>
        }
        verb="Refuse"
        danger
        run={decide('refuse')}
        done={decided}
      />
      <Confirm
        trigger={
          <Button size="small" tone="primary">
            Approve
          </Button>
        }
        title={`Approve ${one.name}?`}
        consequence={
          <>
            {question}
            <p>Approve it only if the device shows the same fingerprint. It then joins the fleet.</p>
          </>
        }
        verb="Approve"
        run={decide('approve')}
        done={decided}
      />
    </div>
  )
}

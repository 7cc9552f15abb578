'use client'

import type { ParkedPage, Role } from '@tradewind/store'
import { useState } from 'react'
import { Parked } from '../fleet/parked'
import { may } from '../people/permission'
import { Command } from '../ui/copy'
import { PageTitle, Panel, Section } from '../ui/section'
import type { Enrolled, MadeToken } from './made-token'
import { NewToken } from './new-token'
import type { TokenPage } from './pages'
import { TokenForm } from './token-form'
import { TokenList } from './token-list'
import { useArrivals } from './use-arrivals'
import { withoutToken } from './ways'

type Props = {
  tokens: TokenPage
  /** of the devices that the tokens speak of, by id */
  names: Map<string, string>
  /** the devices that were enrolled last */
  newest: Enrolled[]
  /** those that asked without a token */
  waiting: ParkedPage
  /** from 1 */
  waitingPage: number
  /** where the hub is reached; null while none has run here */
  hub: string | null
  origin: string
  role: Role
}

export function AddRoom({ tokens, names, newest, waiting, waitingPage, hub, origin, role }: Props) {
  const [made, setMade] = useState<MadeToken | null>(null)
  const { arrivals, connection, refresh } = useArrivals(newest)
  const mayEnrol = may(role, 'create-enrol-token')
  const show = (token: MadeToken) => {
    setMade(token)
    refresh()
  }
  return (
    <>
      <PageTitle
        title="Add a device"
        hint="A one-time token tells a device where the hub is, how to know it, and lets it in without a question."
      />
      {waiting.total > 0 && (
        <Parked
          waiting={waiting}
          page={waitingPage}
          hrefOf={(page) => `/add?waiting=${page}`}
          role={role}
          decided={refresh}
        />
      )}
      <div className="grid gap-10">
        {mayEnrol ? (
          made ? (
            <NewToken
              token={made}
              origin={origin}
              arrivals={arrivals}
              connection={connection}
              another={() => setMade(null)}
            />
          ) : (
            <TokenForm made={show} />
          )
        ) : (
          <p className="text-muted">Your role is viewer. Ask an operator to make a token.</p>
        )}
        {hub && (
          <Section
            title="Without a token"
            hint="The device trusts the hub at first sight and waits at the top of this page until somebody lets it in."
          >
            <Panel className="max-w-4xl p-5">
              <Command text={withoutToken(hub)} />
            </Panel>
          </Section>
        )}
        <TokenList tokens={tokens} names={names} mayRevoke={mayEnrol} changed={refresh} />
      </div>
    </>
  )
}

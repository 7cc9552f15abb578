'use client'

import type { TokenRow } from '@tradewind/store'
import { useState } from 'react'
import { PageTitle } from '../ui/section'
import type { Enrolled, MadeToken } from './made-token'
import { NewToken } from './new-token'
import { TokenForm } from './token-form'
import { TokenList } from './token-list'
import { useArrivals } from './use-arrivals'

type Props = { tokens: TokenRow[]; devices: Enrolled[]; mayEnrol: boolean }

export function AddRoom({ tokens, devices, mayEnrol }: Props) {
  const [made, setMade] = useState<MadeToken | null>(null)
  const { arrivals, connection, refresh } = useArrivals(devices)
  const names = new Map(devices.map(({ id, name }) => [id, name]))
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
      <div className="grid gap-10">
        {mayEnrol ? (
          made ? (
            <NewToken token={made} arrivals={arrivals} connection={connection} another={() => setMade(null)} />
          ) : (
            <TokenForm devices={devices} made={show} />
          )
        ) : (
          <p className="text-muted">Your role is viewer. Ask an operator to make a token.</p>
        )}
        <TokenList tokens={tokens} names={names} mayRevoke={mayEnrol} changed={refresh} />
      </div>
    </>
  )
}

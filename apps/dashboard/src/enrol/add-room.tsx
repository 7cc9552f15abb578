'use client'

import { useState } from 'react'
import { PageTitle } from '../ui/section'
import type { Enrolled, MadeToken } from './made-token'
import { NewToken } from './new-token'
import type { TokenPage } from './pages'
import { TokenForm } from './token-form'
import { TokenList } from './token-list'
import { useArrivals } from './use-arrivals'

type Props = {
  tokens: TokenPage
  /** of the devices that the tokens speak of, by id */
  names: Map<string, string>
  /** the devices that were enrolled last */
  newest: Enrolled[]
  mayEnrol: boolean
}

export function AddRoom({ tokens, names, newest, mayEnrol }: Props) {
  const [made, setMade] = useState<MadeToken | null>(null)
  const { arrivals, connection, refresh } = useArrivals(newest)
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
            <TokenForm made={show} />
          )
        ) : (
          <p className="text-muted">Your role is viewer. Ask an operator to make a token.</p>
        )}
        <TokenList tokens={tokens} names={names} mayRevoke={mayEnrol} changed={refresh} />
      </div>
    </>
  )
}

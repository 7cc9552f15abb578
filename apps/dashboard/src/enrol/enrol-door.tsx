'use client'

import { useEffect, useState } from 'react'
import { Doorstep } from '../frame/doorstep'
import { WayList } from './way-list'

/** What to do with a token that stands behind the # of the address: nothing of it is sent anywhere. */
export function EnrolDoor() {
  const [token, setToken] = useState<string | null>(null)
  useEffect(() => setToken(window.location.hash.slice(1)), [])
  if (token === '')
    return <Doorstep title="This address has no token" hint="Scan the code again where the token was made." />
  return (
    <Doorstep
      title="Let one device in"
      hint="This token works once. It stayed on this phone: only the device sends it."
    >
      <div className="grid gap-5">{token === null ? <div className="skeleton h-24" /> : <WayList token={token} />}</div>
    </Doorstep>
  )
}

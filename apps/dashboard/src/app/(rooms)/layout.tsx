import { cookies } from 'next/headers'
import type { ReactNode } from 'react'
import { Frame } from '../../frame/frame'
import { railCookie, railWidth } from '../../frame/rail-cookie'
import { requirePerson } from '../../server/person'
import { store } from '../../server/store'

export default async function RoomsLayout({ children }: { children: ReactNode }) {
  const person = await requirePerson()
  const waiting = await (await store()).waiting(Date.now())
  const width = railWidth((await cookies()).get(railCookie)?.value)
  return (
    <Frame person={person} waiting={waiting} railWidth={width}>
      {children}
    </Frame>
  )
}

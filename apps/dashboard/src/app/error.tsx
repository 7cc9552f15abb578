'use client'

import { RoomError, type RoomErrorProps } from '../frame/room-error'

const PageError = (props: RoomErrorProps) => (
  <main className="mx-auto max-w-xl px-4 py-24">
    <RoomError {...props} />
  </main>
)
export default PageError

'use client'

import { LogOut } from 'lucide-react'
import { call } from '../live/call'
import { useDeed } from '../live/use-deed'
import { Button } from '../ui/button'

/** A full load afterwards, so that nothing of the session stays in memory. */
export const leave = () => window.location.assign('/login')

export function SignOut({ words = false }: { words?: boolean }) {
  const { pending, start } = useDeed(() => call('POST', '/api/auth/sign-out', {}), leave)
  return (
    <Button
      tone={words ? 'plain' : 'quiet'}
      size={words ? 'normal' : 'icon'}
      pending={pending}
      onClick={() => start()}
      aria-label="Sign out"
      title="Sign out"
    >
      {!pending && <LogOut aria-hidden />}
      {words && 'Sign out'}
    </Button>
  )
}

'use client'

import { useRouter } from 'next/navigation'
import { startTransition } from 'react'
import { Button } from '../ui/button'
import { Notice } from '../ui/notice'

export type RoomErrorProps = { error: Error & { digest?: string }; reset: () => void }

/** A page that failed: what, the code to look for in the log, and another try. */
export function RoomError({ error, reset }: RoomErrorProps) {
  const router = useRouter()
  // What failed on the server must be asked for again before it is drawn again.
  const retry = () =>
    startTransition(() => {
      router.refresh()
      reset()
    })
  return (
    <Notice
      tone="bad"
      title="This page could not be shown"
      actions={
        <Button size="small" onClick={retry}>
          Try again
        </Button>
      }
    >
      <p>
        The dashboard failed while reading its data. The log of npm start says more
        {error.digest && (
          <>
            {' '}
            under the code <code className="font-mono text-xs">{error.digest}</code>
          </>
        )}
        .
      </p>
    </Notice>
  )
}

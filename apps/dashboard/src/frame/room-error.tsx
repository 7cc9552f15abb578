'use client'

import { Button } from '../ui/button'
import { Notice } from '../ui/notice'

export type RoomErrorProps = { error: Error & { digest?: string }; reset: () => void }

/** A page that failed: what, the code to look for in the log, and another try. */
export const RoomError = ({ error, reset }: RoomErrorProps) => (
  <Notice
    tone="bad"
    title="This page could not be shown"
    actions={
      <Button size="small" onClick={reset}>
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

'use client'

import { useNow } from '../ui/time'
import type { Connection } from './use-live'

/** A break shorter than this is a hiccup that nobody needs to read about, in milliseconds. */
export const graceMs = 3_000

/** Whether what is shown moves by itself. For how long it has stood still, the frame says. */
export function LivePill({ connection }: { connection: Connection }) {
  const forMs = useNow() - connection.sinceMs
  const lost = connection.state === 'lost' && forMs > graceMs
  return (
    <span className="inline-flex min-h-6 items-center gap-2 text-[13px]">
      {lost ? (
        <span className="inline-flex items-center gap-2 rounded-md bg-attention-soft px-2 py-1 font-medium text-attention">
          <span className="size-2 rounded-full border-2 border-current" aria-hidden />
          Not live
        </span>
      ) : (
        <span className="inline-flex items-center gap-2 px-1 text-muted">
          <span className="relative size-2" aria-hidden>
            {connection.state === 'live' && (
              <span className="absolute inset-0 animate-[pulse-ring_2s_ease-out_infinite] rounded-full bg-good" />
            )}
            <span
              className={`absolute inset-0 rounded-full ${connection.state === 'live' ? 'bg-good' : 'bg-line-strong'}`}
            />
          </span>
          {connection.state === 'live' ? 'Live' : 'Connecting'}
        </span>
      )}
    </span>
  )
}

'use client'

import { graceMs } from '../live/live-pill'
import { useConnection } from '../live/use-live'
import { useNow } from '../ui/time'
import { span } from '../words/format'

/**
 * Says on every page that what it shows is the last known, and for how long. It lies over the page, so that nothing
 * moves when it comes and goes.
 */
export function StaleNotice() {
  const { state, sinceMs } = useConnection()
  const forMs = useNow() - sinceMs
  const isStale = state === 'lost' && forMs > graceMs
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 top-16 z-30 grid justify-items-center px-4 sm:top-3"
    >
      {isStale && (
        <p className="appears rounded-md border border-attention/30 bg-attention-soft px-3 py-2 text-[13px] font-medium text-attention shadow-high">
          Live connection lost{' '}
          <span aria-hidden className="tabular">
            {span(forMs)} ago
          </span>
          , showing last known
        </p>
      )}
    </div>
  )
}

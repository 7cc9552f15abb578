'use client'

import { useState } from 'react'
import { useRefresh } from '../fleet/use-fleet'
import { useLive } from '../live/use-live'
import type { Enrolled } from './made-token'

/** The devices that came while the page was open, the newest first. */
export function useArrivals(newest: Enrolled[]) {
  const refresh = useRefresh()
  const [before] = useState(() => new Set(newest.map(({ id }) => id)))
  const [sinceMs] = useState(() => newest[0]?.enrolledMs ?? 0)
  const connection = useLive({ fleet: refresh, back: refresh })
  const arrivals = newest.filter(({ id, enrolledMs }) => enrolledMs >= sinceMs && !before.has(id))
  return { arrivals, connection, refresh }
}

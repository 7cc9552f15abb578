'use client'

import { useState } from 'react'
import { useRefresh } from '../fleet/use-fleet'
import { useLive } from '../live/use-live'
import type { Enrolled } from './made-token'

/** The devices that came while the page was open, the newest first. */
export function useArrivals(devices: Enrolled[]) {
  const refresh = useRefresh()
  const [before] = useState(() => new Set(devices.map(({ id }) => id)))
  const connection = useLive({ fleet: refresh, back: refresh })
  const arrivals = devices.filter(({ id }) => !before.has(id)).sort((a, b) => b.enrolledMs - a.enrolledMs)
  return { arrivals, connection, refresh }
}

'use client'

import type { DeviceDetail, EventRow, SamplePoint } from '@tradewind/store'
import { useEffect, useMemo, useState } from 'react'
import { type Heard, useRefresh, withPresence } from '../fleet/use-fleet'
import { useLive } from '../live/use-live'
import { appendPoints } from './break-gaps'

const hourMs = 3_600_000
const mostEvents = 100

/** One device as the server knew it, with all that was heard of it since. */
export function useDevice(known: DeviceDetail, samples: SamplePoint[], knownEvents: EventRow[]) {
  const refresh = useRefresh()
  const [heard, setHeard] = useState<Heard>(new Map())
  const [points, setPoints] = useState(samples)
  const [fresh, setFresh] = useState<EventRow[]>([])
  const append = (more: SamplePoint[]) => setPoints((before) => appendPoints(before, more, Date.now() - hourMs))
  // What the server read again is added once.
  useEffect(() => append(samples), [samples])

  const connection = useLive(
    {
      presence: (presence) => setHeard(new Map([[presence.deviceId, presence]])),
      sample: ({ points: more }) => append(more),
      event: (event) => setFresh((before) => [event, ...before].slice(0, mostEvents)),
      report: refresh,
      reported: refresh,
      fleet: refresh,
      back: refresh,
    },
    known.id,
  )
  const device = useMemo(() => withPresence([known], heard)[0] ?? known, [known, heard])
  const events = useMemo(() => mergeEvents(fresh, knownEvents), [fresh, knownEvents])
  return { device, points, events, connection, refresh }
}

/** Newest first, each once. */
export function mergeEvents(fresh: EventRow[], known: EventRow[]): EventRow[] {
  const ids = new Set(known.map(({ id }) => id))
  const added = fresh.filter(({ id }) => !ids.has(id))
  return [...added, ...known].sort((a, b) => b.atMs - a.atMs).slice(0, mostEvents)
}

'use client'

import type { DeviceDetail, EventRow, SamplePoint } from '@tradewind/store'
import { useEffect, useMemo, useState } from 'react'
import { type Heard, useRefresh, withPresence } from '../fleet/use-fleet'
import { useLive } from '../live/use-live'
import type { History } from './history'
import { ranges } from './ranges'
import { appendSamples } from './series'

/** The server is asked anew for a history of this age, so that what came live does not pile up. */
const freshMs = 10 * 60_000
/** Longer than the samples of any range reach back, while its history is fresh. */
const keptMs = 2 * 3_600_000
const mostEvents = 100

/** One device as the server knew it, with all that was heard of it since. */
export function useDevice(known: DeviceDetail, knownHistory: History, knownEvents: EventRow[]) {
  const refresh = useRefresh()
  const [heard, setHeard] = useState<Heard>(new Map())
  const [live, setLive] = useState<SamplePoint[]>([])
  const [fresh, setFresh] = useState<EventRow[]>([])

  const connection = useLive(
    {
      presence: (presence) => setHeard(new Map([[presence.deviceId, presence]])),
      sample: ({ points }) => setLive((before) => appendSamples(before, points, Date.now() - keptMs)),
      event: (event) => setFresh((before) => [event, ...before].slice(0, mostEvents)),
      report: refresh,
      reported: refresh,
      measured: refresh,
      assigned: refresh,
      proposals: refresh,
      problems: refresh,
      fleet: refresh,
      back: refresh,
    },
    known.id,
  )
  useEffect(() => {
    const stale = setTimeout(refresh, freshMs)
    return () => clearTimeout(stale)
  }, [knownHistory])

  const device = useMemo(() => withPresence([known], heard)[0] ?? known, [known, heard])
  const events = useMemo(() => mergeEvents(fresh, knownEvents), [fresh, knownEvents])
  // The first drawing is that of the server, to the sample.
  const history = useMemo(
    () => (live.length === 0 ? knownHistory : withSamples(knownHistory, live)),
    [knownHistory, live],
  )
  return { device, history, events, connection, refresh }
}

/** Of the last hour nothing older stays; longer ranges are gathered in buckets, of which none may be cut. */
function withSamples(history: History, live: SamplePoint[]): History {
  const { range, samplesFromMs, samples } = history
  const fromMs = range === '1h' ? Math.max(samplesFromMs, Date.now() - ranges[range].ms) : samplesFromMs
  return { ...history, samples: appendSamples(samples, live, fromMs) }
}

/** Newest first, each once. */
export function mergeEvents(fresh: EventRow[], known: EventRow[]): EventRow[] {
  const ids = new Set(known.map(({ id }) => id))
  const added = fresh.filter(({ id }) => !ids.has(id))
  return [...added, ...known].sort((a, b) => b.atMs - a.atMs).slice(0, mostEvents)
}

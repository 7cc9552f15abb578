'use client'

import type { DevicePage, DeviceRow } from '@tradewind/store'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useRef, useState } from 'react'
import { type Connection, type LiveEvents, useLive } from '../live/use-live'
import { LatestFigures } from './latest-figures'

export type Heard = ReadonlyMap<string, LiveEvents['presence']>

/** The devices of a page as the server knew them, with what was heard of them since. */
export function useFleet({ devices: known, total }: DevicePage) {
  const refresh = useRefresh(total > 1000 ? 10_000 : 1_000)
  const [heard, setHeard] = useState<Heard>(new Map())
  const [figures] = useState(() => new LatestFigures(latestOf(known)))
  useEffect(() => {
    for (const [deviceId, latest] of latestOf(known)) figures.offer(deviceId, latest)
  }, [known, figures])

  const connection: Connection = useLive({
    presence: (presence) => {
      setHeard((before) => new Map(before).set(presence.deviceId, presence))
      refresh() // it counts, wherever in the list it is
    },
    sample: ({ deviceId, points }) => {
      const newest = points.at(-1)
      if (newest) figures.offer(deviceId, newest)
    },
    fleet: refresh,
    report: refresh,
    reported: refresh,
    back: refresh,
  })
  const devices = useMemo(() => withPresence(known, heard), [known, heard])
  return { devices, figures, connection, refresh }
}

const latestOf = (devices: DevicePage['devices']) =>
  devices.flatMap(({ id, latest }) => (latest ? [[id, latest] as const] : []))

/** What is newer counts: the server's answer, or what was heard since. */
export function withPresence<D extends DeviceRow>(devices: D[], heard: Heard): D[] {
  if (heard.size === 0) return devices
  return devices.map((device) => {
    const news = heard.get(device.id)
    if (!news || news.sinceMs < (device.presence?.sinceMs ?? 0)) return device
    return { ...device, presence: { state: news.state, sinceMs: news.sinceMs } }
  })
}

/** Reads the page's data again: soon, but not more often than every `leastMs`. */
export function useRefresh(leastMs = 1_000) {
  const router = useRouter()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      router.refresh()
    }, leastMs)
  }
}

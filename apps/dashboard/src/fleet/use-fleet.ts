'use client'

import type { DevicePage, DeviceRow, FleetRow } from '@tradewind/store'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useRef, useState } from 'react'
import { call } from '../live/call'
import { type Connection, type LiveEvents, useLive } from '../live/use-live'
import { type Indexed, indexed } from './choose'
import { LatestFigures } from './latest-figures'

export type Heard = ReadonlyMap<string, LiveEvents['presence']>

/** News come in crowds, as when a hub starts: they are shown together, after so many milliseconds. */
const gatherMs = 500
/** Beyond so many devices that changed at once, all are read again. */
const mostAtOnce = 200

type Fleet = {
  rows: Indexed[]
  /** all of the fleet is here; until then the rows are the first ones that the server found */
  isWhole: boolean
  figures: LatestFigures
  connection: Connection
  /** reads these devices again, or all */
  reread: (deviceIds?: string[]) => void
}

/**
 * The whole fleet in the browser: the first rows as the server drew them, then all, then what changed. Presence and
 * figures are in the news themselves; of other news the devices that they are about are read again.
 */
export function useFleet({ devices: first }: DevicePage): Fleet {
  const [rows, setRows] = useState(() => first.map(indexed))
  const [isWhole, setWhole] = useState(false)
  const [figures] = useState(() => new LatestFigures(latestOf(first)))
  const gathered = useRef(gathering())
  const wanted = useRef({ all: true, ids: new Set<string>() })

  const take = (fresh: FleetRow[], whole: boolean) => {
    for (const [deviceId, latest] of latestOf(fresh)) figures.offer(deviceId, latest)
    setRows((known) => (whole ? fresh.map(indexed) : replaced(known, fresh)))
    if (whole) setWhole(true)
  }
  const read = async () => {
    const { all, ids } = wanted.current
    wanted.current = { all: false, ids: new Set() }
    const whole = all || ids.size > mostAtOnce
    const query = whole ? '' : `?ids=${[...ids].join(',')}`
    const reply = await call<{ devices: FleetRow[] }>('GET', `/api/v1/devices/table${query}`).catch(() => null)
    if (reply) take(reply.devices, whole)
    else wanted.current.all ||= whole // the connection says that it is lost, and this comes again when it is back
  }
  const reread = (deviceIds?: string[]) => {
    if (deviceIds) for (const id of deviceIds) wanted.current.ids.add(id)
    else wanted.current.all = true
    gathered.current(read, 'read')
  }
  const presences = useRef(new Map<string, LiveEvents['presence']>())
  const showPresences = () => {
    const heard = presences.current
    presences.current = new Map()
    setRows((known) => known.map((one) => withNews(one, heard)))
  }
  useEffect(() => {
    read()
    return () => gathered.current.forget()
  }, [])

  const connection: Connection = useLive({
    presence: (presence) => {
      presences.current.set(presence.deviceId, presence)
      gathered.current(showPresences, 'presence')
    },
    sample: ({ deviceId, points }) => {
      const newest = points.at(-1)
      if (newest) figures.offer(deviceId, newest)
    },
    report: ({ deviceId }) => reread([deviceId]),
    reported: ({ deviceId }) => reread([deviceId]),
    assigned: ({ deviceIds }) => reread(deviceIds),
    problems: ({ deviceIds }) => reread(deviceIds),
    fleet: () => reread(),
    back: () => reread(),
  })
  return { rows, isWhole, figures, connection, reread }
}

/** Does each kind of deed once for all that asked for it within `gatherMs`. */
function gathering() {
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const gather = (run: () => void, kind: string) => {
    if (timers.has(kind)) return
    const later = () => {
      timers.delete(kind)
      run()
    }
    timers.set(kind, setTimeout(later, gatherMs))
  }
  const forget = () => {
    for (const timer of timers.values()) clearTimeout(timer)
    timers.clear()
  }
  return Object.assign(gather, { forget })
}

const latestOf = (devices: FleetRow[]) => devices.flatMap(({ id, latest }) => (latest ? [[id, latest] as const] : []))

function replaced(known: Indexed[], fresh: FleetRow[]): Indexed[] {
  const byId = new Map(fresh.map((row) => [row.id, indexed(row)]))
  const kept = known.map((one) => {
    const news = byId.get(one.row.id)
    byId.delete(one.row.id)
    return news ?? one
  })
  return byId.size > 0 ? [...kept, ...byId.values()] : kept
}

function withNews(one: Indexed, heard: Heard): Indexed {
  const [row = one.row] = heard.has(one.row.id) ? withPresence([one.row], heard) : []
  return row === one.row ? one : { ...one, row }
}

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

/**
 * The rows in the order of the last time that nobody pointed at them: under a hand they stay where they are and only
 * their contents change; those that are no longer wanted stay too, and new ones wait.
 */
export function useHeld(rows: Indexed[], held: boolean, wish: unknown): Indexed[] {
  const kept = useRef({ rows, wish })
  return useMemo(() => {
    if (!held || kept.current.wish !== wish) {
      kept.current = { rows, wish }
      return rows
    }
    const byId = new Map(rows.map((one) => [one.row.id, one]))
    return kept.current.rows.map((one) => byId.get(one.row.id) ?? one)
  }, [rows, held, wish])
}

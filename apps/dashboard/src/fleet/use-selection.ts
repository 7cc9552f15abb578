'use client'

import { useMemo, useRef, useState } from 'react'
import type { Indexed } from './choose'

export type Selection = {
  has: (deviceId: string) => boolean
  /** of the devices that there are, shown now or not */
  count: number
  rows: Indexed[]
  /** all that match are selected */
  all: boolean
  /** how many of the selected do not match */
  hidden: number
  /** the one at a place of the list; `upTo`: and all from the last one that was selected */
  select: (place: number, upTo: boolean) => void
  toggleAll: () => void
  clear: () => void
}

/** What a person has selected, kept while filters change, among the devices that there are. */
export function useSelection(fleet: Indexed[], shown: Indexed[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const last = useRef<string | null>(null)
  const rows = useMemo(() => (ids.size > 0 ? fleet.filter(({ row }) => ids.has(row.id)) : []), [fleet, ids])
  const matching = useMemo(
    () => (ids.size > 0 ? shown.reduce((sum, { row }) => sum + (ids.has(row.id) ? 1 : 0), 0) : 0),
    [shown, ids],
  )
  return {
    has: (deviceId) => ids.has(deviceId),
    count: rows.length,
    rows,
    all: shown.length > 0 && matching === shown.length,
    hidden: rows.length - matching,
    select: (place, upTo) => {
      setIds(selected(ids, shown, place, upTo ? last.current : null))
      last.current = shown[place]?.row.id ?? null
    },
    toggleAll: () =>
      setIds(matching === shown.length ? new Set() : new Set([...ids, ...shown.map(({ row }) => row.id)])),
    clear: () => setIds(new Set()),
  }
}

/** With the one at a place: turned over, or, from another one on, all between them like it. */
export function selected(ids: ReadonlySet<string>, rows: Indexed[], place: number, from: string | null): Set<string> {
  const next = new Set(ids)
  const id = rows[place]?.row.id
  if (id === undefined) return next
  const isOn = !ids.has(id)
  const start = from === null ? place : rows.findIndex(({ row }) => row.id === from)
  const [low, high] = start < 0 ? [place, place] : [Math.min(start, place), Math.max(start, place)]
  for (const { row } of rows.slice(low, high + 1))
    if (isOn) next.add(row.id)
    else next.delete(row.id)
  return next
}

'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { type Filters, writeFilters } from './filters'

/** A pause in changing them after which the URL follows: browsers allow only so many changes of it. In milliseconds. */
const pauseMs = 250

/** The filters of the page. A change shows at once and goes into the URL; the server is not asked. */
export function useFilters(known: Filters) {
  const path = usePathname()
  const [filters, setFilters] = useState(known)
  const address = writeFilters(known)
  const told = useRef(address)
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(pause.current), [])
  // Another address than the one that was told from here: a link, or the way back.
  useEffect(() => {
    if (address === told.current) return
    told.current = address
    setFilters(known)
  }, [address])
  const change = (some: Partial<Filters>) => {
    const next = { ...filters, ...some }
    setFilters(next)
    clearTimeout(pause.current)
    pause.current = setTimeout(() => {
      told.current = writeFilters(next)
      window.history.replaceState(null, '', `${path}${told.current}`)
    }, pauseMs)
  }
  return { filters, change }
}

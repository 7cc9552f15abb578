'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useState } from 'react'
import { type Filters, readFilters, writeFilters } from './filters'

/** The filters, kept in the URL without a round trip to the server. */
export function useFilters(): [Filters, (change: Partial<Filters>) => void] {
  const path = usePathname()
  const query = useSearchParams()
  const [filters, setFilters] = useState(() => readFilters(new URLSearchParams(query)))
  const change = (some: Partial<Filters>) => {
    const next = { ...filters, ...some }
    setFilters(next)
    window.history.replaceState(null, '', `${path}${writeFilters(next)}`)
  }
  return [filters, change]
}

'use client'

import { usePathname, useRouter } from 'next/navigation'
import { useOptimistic, useTransition } from 'react'
import { type Filters, writeFilters } from './filters'

/**
 * The filters of the page, and how to change them. A change shows at once, goes into the URL, and has the server read
 * the first page anew; `pending` until that is here.
 */
export function useFilters(known: Filters) {
  const path = usePathname()
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  const [filters, show] = useOptimistic(known)
  const change = (some: Partial<Filters>) =>
    startTransition(() => {
      const next = { ...filters, page: 1, ...some }
      show(next)
      router.replace(`${path}${writeFilters(next)}`, { scroll: false })
    })
  return { filters, change, pending }
}

'use client'

import { useSyncExternalStore } from 'react'

/** Whether the screen is such; on the server it is taken for a wide one. */
export const useMedia = (query: string) =>
  useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => window.matchMedia(query).matches,
    () => false,
  )

'use client'

import type { Problem } from '@tradewind/protocol'
import { useEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import { call, problemFrom } from '../live/call'
import type { PreviewReply } from '../server/operations/placement'
import type { Ask, Incomplete } from './choice'

export type Preview = z.infer<typeof PreviewReply>
/** `preview` is the last that came; `pending`: another is being computed, so it may not hold any more. */
export type Previewing = { preview: Preview | null; pending: boolean; problem: Problem | null }

/** A pause in choosing after which the fleet is decided for. Milliseconds. */
const pauseMs = 350

/** What would become of the fleet, computed anew as a person chooses. Of two that are asked for the later counts. */
export function usePreview(ask: Ask | Incomplete): Previewing & { again: () => void } {
  const [shown, show] = useState<Previewing>({ preview: null, pending: ask.ok, problem: null })
  const [turn, setTurn] = useState(0)
  const isFirst = useRef(true)
  const body = ask.ok ? JSON.stringify(ask.body) : null

  useEffect(() => {
    if (body === null) return show({ preview: null, pending: false, problem: null })
    const stop = new AbortController()
    show((before) => ({ ...before, pending: true }))
    const timer = setTimeout(
      () => {
        call<Preview>('POST', '/api/v1/preview', JSON.parse(body) as object, stop.signal)
          .then((preview) => !stop.signal.aborted && show({ preview, pending: false, problem: null }))
          .catch(
            (error) =>
              !stop.signal.aborted && show((before) => ({ ...before, pending: false, problem: problemFrom(error) })),
          )
      },
      isFirst.current ? 0 : pauseMs,
    )
    isFirst.current = false
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [body, turn])

  return { ...shown, again: () => setTurn((before) => before + 1) }
}

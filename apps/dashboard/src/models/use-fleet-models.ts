'use client'

import type { Problem } from '@tradewind/protocol'
import { useEffect, useState } from 'react'
import type { z } from 'zod'
import { call, problemFrom } from '../live/call'
import type { FleetModels } from '../server/operations/fleet-models'

export type Fleet = z.infer<typeof FleetModels>
type Told =
  | { state: 'asking'; fleet: Fleet | null }
  | { state: 'told'; fleet: Fleet }
  | { state: 'failed'; fleet: Fleet | null; problem: Problem }

/** What the devices can run. It takes the hub's machine a moment with thousands of them, so the page does not wait for it. */
export function useFleetModels(context: number): Told & { again: () => void } {
  const [told, setTold] = useState<Told>({ state: 'asking', fleet: null })
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let isWanted = true
    setTold(({ fleet }) => ({ state: 'asking', fleet }))
    call<Fleet>('GET', `/api/v1/models?context=${context}`).then(
      (fleet) => isWanted && setTold({ state: 'told', fleet }),
      (error) => isWanted && setTold(({ fleet }) => ({ state: 'failed', fleet, problem: problemFrom(error) })),
    )
    return () => {
      isWanted = false
    }
  }, [context, attempt])
  return { ...told, again: () => setAttempt((before) => before + 1) }
}
